import type { Fault } from "./fault.ts";
import { appObjects, deploymentOf, shopOf } from "./shop.ts";
import { steadyPlan, visitsOf } from "./steady.ts";
import { applying } from "./steps.ts";

/** Two mistakes of one application that have nothing to do with each other, each with a path and requests of its own. */
export const twoFaultsAtOnce: Fault = {
  id: "two-faults-at-once",
  title: "One path's header is too large for the gateway, and another path answers with a 5xx of its own",
  causes: ["response-header-too-large", "app-emitted-5xx"],
  // HAProxy's log does not say why it refused an answer.
  gateways: ["nginx"],
  plan: (random, gateway) => {
    const shop = shopOf(random);
    const large = `${shop.path}/${random.pick(["login", "callback", "session"])}`;
    const broken = `${shop.path}/${random.pick(["export", "report", "import"])}`;
    const headerBytes = random.between(4200, 7500);
    const status = random.pick([502, 503, 503, 504]);
    const routes = JSON.stringify([
      { path: large, headerBytes },
      { path: broken, status, every: random.between(1, 2), latencyMs: [5, random.between(20, 200)] },
    ]);
    return steadyPlan(random, gateway, shop, {
      objects: appObjects(shop, gateway, { env: { ROUTES: routes } }),
      traffic: [
        visitsOf(random, shop),
        {
          host: shop.host,
          paths: [
            { path: large, method: random.pick(["GET", "POST"]), weight: random.between(1, 2) },
            { path: broken, method: random.pick(["GET", "POST"]), weight: random.between(1, 2) },
          ],
          perSecond: random.between(4, 9),
          clients: shop.clients,
        },
      ],
      isOwn: ({ path }) => path === large || path === broken,
      causeOf: ({ path }) => (path === large ? "response-header-too-large" : "app-emitted-5xx"),
      mend: applying(deploymentOf(shop)),
    });
  },
};
