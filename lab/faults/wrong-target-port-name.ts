import type { Fault } from "./fault.ts";
import { deploymentOf, ingressOf, namespaceOf, serviceOf, shopOf } from "./shop.ts";
import { steadyPlan } from "./steady.ts";
import { applying } from "./steps.ts";

/** The Service names a port that no container has, so its pods have no endpoint. */
export const wrongTargetPortName: Fault = {
  id: "wrong-target-port-name",
  title: "The Service's targetPort is a name that no container port has",
  causes: ["wrong-target-port-name"],
  gateways: ["nginx", "haproxy"],
  plan: (random, gateway) => {
    const shop = shopOf(random);
    const wrong = random.pick(["web", "http-web", "https", "api"]);
    return steadyPlan(random, gateway, shop, {
      objects: [namespaceOf(shop), deploymentOf(shop), serviceOf(shop, wrong), ingressOf(shop, gateway)],
      mend: applying(serviceOf(shop)),
    });
  },
};
