import type { Fault } from "./fault.ts";
import { appObjects, shopOf, targetOf } from "./shop.ts";

/** More than usual, and all of it is served. */
export const heavyLoadNoFailure: Fault = {
  id: "heavy-load-no-failure",
  title: "Load rises to several times the usual, answers get slower, and nothing fails",
  causes: [],
  gateways: ["nginx", "haproxy"],
  plan: (random, gateway) => {
    const shop = { ...shopOf(random), replicas: 3 };
    const routes = [{ path: "/*", latencyMs: [5, random.between(30, 80)], cpuMs: 1 }];
    const perSecond = random.between(20, 30);
    return {
      target: targetOf(shop),
      objects: appObjects(shop, gateway, { env: { ROUTES: JSON.stringify(routes) } }),
      traffic: [
        {
          host: shop.host,
          paths: [
            { path: shop.path, method: "GET", weight: 5 },
            { path: `${shop.path}/items`, method: "POST", weight: 1, bodyBytes: 500 },
            { path: `${shop.path}/favicon.ico`, method: "GET", weight: 1 },
          ],
          perSecond,
          shape: [
            { fromMs: 4000, factor: random.between(4, 6) },
            { fromMs: 14_000, factor: 1 },
          ],
          clients: shop.clients,
        },
      ],
      seconds: 18,
      steps: [],
      isOwn: () => false,
    };
  },
};
