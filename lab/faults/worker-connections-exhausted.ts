import type { Fault } from "./fault.ts";
import { gatewayConfig } from "./gateway-config.ts";
import { appObjects, shopOf } from "./shop.ts";
import { steadyPlan } from "./steady.ts";
import { applying } from "./steps.ts";

/** Each request that is proxied takes two connections of its worker, and there are too few. */
export const workerConnectionsExhausted: Fault = {
  id: "worker-connections-exhausted",
  title: "The workers of the gateway have no connection left for what clients send",
  causes: ["worker-connections-exhausted"],
  gateways: ["nginx"],
  plan: (random, gateway) => {
    const shop = { ...shopOf(random), replicas: 2 };
    const perWorker = random.between(40, 56);
    const latencyMs = [1500, random.between(2000, 2500)];
    const routes = JSON.stringify([{ path: "/*", latencyMs }]);
    const config = { "max-worker-connections": String(perWorker) };
    return steadyPlan(random, gateway, shop, {
      gateway: { config },
      objects: appObjects(shop, gateway, { env: { ROUTES: routes } }),
      traffic: [
        {
          host: shop.host,
          paths: [
            { path: shop.path, method: "GET", weight: 2 },
            { path: `${shop.path}/items`, method: "POST", weight: 1, bodyBytes: 200 },
          ],
          perSecond: random.between(4, 6),
          shape: [{ fromMs: 4000, factor: 8 }],
          clients: shop.clients,
          freshShare: 0.8,
        },
      ],
      seconds: 16,
      // No request is served then, whosesoever it is.
      isOwn: () => true,
      mend: applying(gatewayConfig({})),
    });
  },
};
