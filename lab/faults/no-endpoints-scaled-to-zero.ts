import type { Machine } from "../machine/machine.ts";
import type { Fault } from "./fault.ts";
import { appObjects, shopOf } from "./shop.ts";
import { steadyPlan } from "./steady.ts";
import { scaleTo } from "./steps.ts";

/** Somebody scaled it to nothing, before or in the middle of the traffic. */
export const noEndpointsScaledToZero: Fault = {
  id: "no-endpoints-scaled-to-zero",
  title: "The Deployment behind the Service is scaled to zero",
  causes: ["no-endpoints-scaled-to-zero"],
  gateways: ["nginx", "haproxy"],
  plan: (random, gateway) => {
    const shop = shopOf(random);
    const isBefore = random.next() < 0.3;
    const scaling = {
      atMs: random.between(2000, 4000),
      text: `kubectl scale deployment/${shop.app} -n ${shop.namespace} --replicas=0`,
      run: (machine: Machine) => scaleTo(machine, shop, 0),
    };
    return steadyPlan(random, gateway, shop, {
      objects: appObjects(shop, gateway, isBefore ? { replicas: 0 } : {}),
      seconds: 15,
      steps: isBefore ? [] : [scaling],
      mend: (machine) => scaleTo(machine, shop, shop.replicas),
    });
  },
};
