import type { Fault } from "./fault.ts";
import { deploymentOf, ingressOf, namespaceOf, serviceOf, shopOf, targetOf } from "./shop.ts";
import { applying } from "./steps.ts";

/** The Service leads to a port of the pods where nothing listens; the probe asks the right one, so they are ready. */
export const wrongTargetPortNumber: Fault = {
  id: "wrong-target-port-number",
  title: "The Service's targetPort is a number on which no container listens",
  causes: ["wrong-target-port-number"],
  gateways: ["nginx", "haproxy"],
  plan: (random, gateway) => {
    const shop = shopOf(random);
    const wrong = shop.port + random.pick([1, 10, 1000]);
    return {
      target: targetOf(shop),
      objects: [namespaceOf(shop), deploymentOf(shop), serviceOf(shop, wrong), ingressOf(shop, gateway)],
      traffic: [
        {
          host: shop.host,
          paths: [
            { path: shop.path, method: "GET", weight: 4 },
            { path: `${shop.path}/items`, method: "POST", weight: 1, bodyBytes: 200 },
          ],
          perSecond: random.between(5, 20),
          clients: shop.clients,
        },
      ],
      seconds: 12,
      steps: [],
      isOwn: () => true,
      mend: applying(serviceOf(shop)),
    };
  },
};
