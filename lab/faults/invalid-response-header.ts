import type { Fault } from "./fault.ts";
import { appObjects, deploymentOf, shopOf } from "./shop.ts";
import { steadyPlan, visitsOf } from "./steady.ts";
import { applying } from "./steps.ts";

/** A header with a byte that none may have. */
export const invalidResponseHeader: Fault = {
  id: "invalid-response-header",
  title: "The answers of one path have a header that is no valid HTTP",
  causes: ["invalid-response-header"],
  gateways: ["nginx", "haproxy"],
  plan: (random, gateway) => {
    const shop = shopOf(random);
    const bad = `${shop.path}/${random.pick(["download", "avatar", "trace"])}`;
    const every = random.between(1, 3);
    const routes = [{ path: bad, malformed: "header", every }];
    return steadyPlan(random, gateway, shop, {
      objects: appObjects(shop, gateway, { env: { ROUTES: JSON.stringify(routes) } }),
      traffic: [
        visitsOf(random, shop),
        {
          host: shop.host,
          paths: [{ path: bad, method: random.pick(["GET", "POST"]), weight: 1 }],
          perSecond: random.between(2, 5),
          clients: shop.clients,
        },
      ],
      mend: applying(deploymentOf(shop)),
    });
  },
};
