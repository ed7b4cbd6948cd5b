import { backingOf } from "./backing.ts";
import type { Fault } from "./fault.ts";
import { deploymentOf, ingressOf, namespaceOf, serviceOf, shopOf } from "./shop.ts";
import { steadyPlan } from "./steady.ts";
import { applying } from "./steps.ts";

/** What the application asks has no pod that is ready: each ends at once, and the reason lies there. */
export const dependencyDown: Fault = {
  id: "dependency-down",
  title:
    "The pods of a Service that the application asks crash at start, and the application answers 5xx for it",
  // The Deployment behind the other Service is what has to be mended.
  causes: ["crash-loop-backoff", "dependency-down"],
  acceptable: ["app-emitted-5xx", "no-endpoints-pods-not-ready"],
  gateways: ["nginx", "haproxy"],
  plan: (random, gateway) => {
    const shop = shopOf(random);
    const backing = backingOf(random, shop);
    const quick = `${shop.path}/${random.pick(["about", "version"])}`;
    const failStatus = random.pick([502, 503, 503]);
    const routes = [{ path: quick }, { path: "/*", callsUrl: backing.url, callTimeoutMs: 2000, failStatus }];
    const missing = random.pick(["DATABASE_URL", "QUEUE_URL", "SIGNING_KEY"]);
    const down = deploymentOf(backing, { env: { REQUIRED_ENV: missing } });
    return steadyPlan(random, gateway, shop, {
      objects: [
        namespaceOf(shop),
        down,
        serviceOf(backing),
        deploymentOf(shop, { env: { ROUTES: JSON.stringify(routes) } }),
        serviceOf(shop),
        ingressOf(shop, gateway),
      ],
      waitFor: [`${shop.namespace}/${shop.app}`],
      traffic: [
        {
          host: shop.host,
          paths: [
            { path: shop.path, method: "GET", weight: 4 },
            { path: `${shop.path}/items`, method: "POST", weight: 1, bodyBytes: 200 },
            { path: quick, method: "GET", weight: 2 },
          ],
          perSecond: random.between(6, 16),
          clients: shop.clients,
        },
      ],
      mend: applying(deploymentOf(backing)),
    });
  },
};
