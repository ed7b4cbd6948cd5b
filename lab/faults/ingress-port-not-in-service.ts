import type { Fault } from "./fault.ts";
import { deploymentOf, ingressOf, namespaceOf, serviceOf, shopOf } from "./shop.ts";
import { steadyPlan } from "./steady.ts";
import { applying } from "./steps.ts";

/** The Ingress names a port that its Service does not have. */
export const ingressPortNotInService: Fault = {
  id: "ingress-port-not-in-service",
  title: "The Ingress names a port that the Service does not have",
  causes: ["ingress-port-not-in-service"],
  // HAProxy's controllers leave a path out whose port is not there: the default backend answers 404.
  gateways: ["nginx"],
  plan: (random, gateway) => {
    const shop = shopOf(random);
    // Not the port of the containers: ingress-nginx takes a number that is the Service's targetPort.
    const wrong = random.pick([81, 443, 8443, 5000]);
    return steadyPlan(random, gateway, shop, {
      objects: [
        namespaceOf(shop),
        deploymentOf(shop),
        serviceOf(shop),
        ingressOf({ ...shop, servicePort: wrong }, gateway),
      ],
      mend: applying(ingressOf(shop, gateway)),
    });
  },
};
