import type { Fault } from "./fault.ts";
import { deploymentOf, ingressOf, namespaceOf, serviceOf, shopOf } from "./shop.ts";
import { steadyPlan } from "./steady.ts";
import { applying } from "./steps.ts";

/** Fewer workers than requests at once: all wait in the application's own queue, the cheap ones too. */
export const workerPoolExhausted: Fault = {
  id: "worker-pool-exhausted",
  title: "All workers of the application are busy, and requests wait until the gateway gives up",
  causes: ["worker-pool-exhausted"],
  gateways: ["nginx", "haproxy"],
  plan: (random, gateway) => {
    const shop = { ...shopOf(random), replicas: 2 };
    const workers = 2;
    const heavyMs = random.between(700, 1000);
    const routes = [
      { path: `${shop.path}/items`, latencyMs: heavyMs },
      { path: "/*", latencyMs: [5, 20] },
    ];
    // Half of the requests are heavy, and they are more than twice what all pods manage.
    const capacity = (shop.replicas * workers * 1000) / heavyMs;
    const waitMs = random.between(25, 35) * 100;
    const appWith = (pool: number) =>
      deploymentOf(shop, {
        env: { ROUTES: JSON.stringify(routes), POOL: String(pool), POOL_WAIT_MS: String(waitMs) },
      });
    const timer = gateway === "nginx" ? "proxy-read-timeout" : "timeout-server";
    return steadyPlan(random, gateway, shop, {
      objects: [
        namespaceOf(shop),
        appWith(workers),
        serviceOf(shop),
        ingressOf(shop, gateway, { [timer]: gateway === "nginx" ? "2" : "2s" }),
      ],
      traffic: [
        {
          host: shop.host,
          paths: [
            { path: `${shop.path}/items`, method: "POST", weight: 2, bodyBytes: 200 },
            { path: shop.path, method: "GET", weight: 1 },
            { path: `${shop.path}/version`, method: "GET", weight: 1 },
          ],
          perSecond: Math.round(capacity * 5),
          clients: shop.clients,
        },
      ],
      seconds: 20,
      mend: applying(appWith(200)),
    });
  },
};
