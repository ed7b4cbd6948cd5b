import type { Fault } from "./fault.ts";
import { deploymentOf, ingressOf, namespaceOf, serviceOf, shopOf } from "./shop.ts";
import { steadyPlan, visitsOf } from "./steady.ts";
import { applying } from "./steps.ts";

/** A limit of requests for each client, and one client that sends more than all others together. */
export const rateLimit503: Fault = {
  id: "rate-limit-503",
  title: "The gateway refuses what a client sends beyond the Ingress's rate limit",
  causes: ["rate-limit-503"],
  // HAProxy answers 429.
  gateways: ["nginx"],
  plan: (random, gateway) => {
    const shop = shopOf(random);
    const rps = random.between(2, 4);
    const limit = { "limit-rps": String(rps), "limit-burst-multiplier": String(random.between(1, 3)) };
    const busiest = `198.51.100.${random.between(220, 250)}`;
    return steadyPlan(random, gateway, shop, {
      objects: [namespaceOf(shop), deploymentOf(shop), serviceOf(shop), ingressOf(shop, gateway, limit)],
      traffic: [
        visitsOf(random, shop, random.between(3, 6)),
        { ...visitsOf(random, shop, rps * random.between(3, 5)), clients: [busiest] },
      ],
      seconds: 15,
      mend: applying(ingressOf(shop, gateway, { "limit-rps": "200" })),
    });
  },
};
