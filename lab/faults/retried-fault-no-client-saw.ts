import type { Fault } from "./fault.ts";
import { noiseOf } from "./noise.ts";
import { deploymentOf, ingressOf, namespaceOf, serviceOf, shopOf } from "./shop.ts";
import { steadyPlan } from "./steady.ts";
import { restartAt } from "./steps.ts";

/** Pods that leave refuse connections for a moment, and the gateway asks the others: its error log tells of it, no client can. */
export const retriedFaultNoClientSaw: Fault = {
  id: "retried-fault-no-client-saw",
  title: "Connections are refused during a rollout, and every request is tried again with success",
  causes: [],
  gateways: ["nginx"],
  plan: (random, gateway) => {
    const shop = { ...shopOf(random), replicas: 3 };
    const routes = [{ path: "/*", latencyMs: [2, random.between(10, 25)] }];
    return steadyPlan(
      random,
      gateway,
      shop,
      {
        objects: [
          namespaceOf(shop),
          deploymentOf(shop, {
            env: { ROUTES: JSON.stringify(routes) },
            container: { lifecycle: {} },
            spec: { strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } } },
          }),
          serviceOf(shop),
          ingressOf(shop, gateway),
        ],
        traffic: [
          {
            host: shop.host,
            paths: [
              { path: shop.path, method: "GET", weight: 2 },
              { path: `${shop.path}/items`, method: "GET", weight: 1 },
            ],
            perSecond: random.between(20, 40),
            clients: shop.clients,
          },
        ],
        seconds: 25,
        steps: [restartAt(random.between(4000, 6000), shop)],
        isOwn: () => false,
      },
      noiseOf(random, shop, gateway, [500]),
    );
  },
};
