import { backingOf } from "./backing.ts";
import type { Fault } from "./fault.ts";
import { deploymentOf, ingressOf, namespaceOf, serviceOf, shopOf } from "./shop.ts";
import { steadyPlan } from "./steady.ts";
import { applying } from "./steps.ts";

/** What the application asks has no pod that is ready: it ends at once, each time, or is scaled away. */
export const dependencyDown: Fault = {
  id: "dependency-down",
  title: "A Service that the application asks has no pods left, and the application answers 5xx for it",
  causes: ["dependency-down"],
  acceptable: ["app-emitted-5xx", "crash-loop-backoff", "no-endpoints-scaled-to-zero"],
  gateways: ["nginx", "haproxy"],
  plan: (random, gateway) => {
    const shop = shopOf(random);
    const backing = backingOf(random, shop);
    const quick = `${shop.path}/${random.pick(["about", "version"])}`;
    const failStatus = random.pick([502, 503, 503]);
    const routes = [{ path: quick }, { path: "/*", callsUrl: backing.url, callTimeoutMs: 2000, failStatus }];
    const isGone = random.next() < 0.4;
    const down = isGone
      ? deploymentOf(backing, { replicas: 0 })
      : deploymentOf(backing, { env: { REQUIRED_ENV: "DATABASE_URL" } });
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
