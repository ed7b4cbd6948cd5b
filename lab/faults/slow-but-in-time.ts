import type { Fault } from "./fault.ts";
import { noiseOf } from "./noise.ts";
import { deploymentOf, ingressOf, namespaceOf, serviceOf, shopOf } from "./shop.ts";
import { steadyPlan, visitsOf } from "./steady.ts";

/** Everything takes seconds, some of it near to the gateway's timer, and nothing beyond it. */
export const slowButInTime: Fault = {
  id: "slow-but-in-time",
  title: "The application is slow, and always in time",
  causes: [],
  gateways: ["nginx", "haproxy"],
  plan: (random, gateway) => {
    const shop = shopOf(random);
    const report = `${shop.path}/${random.pick(["report", "export"])}`;
    const routes = [
      { path: report, latencyMs: [5000, random.between(6500, 7200)] },
      { path: "/*", latencyMs: [300, random.between(1500, 3000)] },
    ];
    const timer = gateway === "nginx" ? { "proxy-read-timeout": "10" } : { "timeout-server": "10s" };
    return steadyPlan(
      random,
      gateway,
      shop,
      {
        objects: [
          namespaceOf(shop),
          deploymentOf(shop, { env: { ROUTES: JSON.stringify(routes) } }),
          serviceOf(shop),
          ingressOf(shop, gateway, timer),
        ],
        traffic: [
          visitsOf(random, shop),
          { ...visitsOf(random, shop, 2), paths: [{ path: report, method: "GET", weight: 1 }] },
        ],
        seconds: 20,
        isOwn: () => false,
      },
      noiseOf(random, shop, gateway, [500]),
    );
  },
};
