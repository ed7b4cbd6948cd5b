import { backingOf } from "./backing.ts";
import type { Fault } from "./fault.ts";
import { deploymentOf, ingressOf, namespaceOf, serviceOf, shopOf } from "./shop.ts";
import { steadyPlan } from "./steady.ts";
import { applying } from "./steps.ts";

/** What the application asks answers later and later, and at last later than the gateway waits; paths that need it not stay fast. */
export const slowDependency: Fault = {
  id: "slow-dependency",
  title: "A Service that the application asks gets so slow that the gateway gives up first",
  causes: ["slow-dependency"],
  gateways: ["nginx", "haproxy"],
  plan: (random, gateway) => {
    const shop = shopOf(random);
    const backing = backingOf(random, shop);
    const seconds = random.between(2, 3);
    const callTimeoutMs = (seconds + random.between(1, 2)) * 1000;
    const quick = `${shop.path}/${random.pick(["about", "version", "static"])}`;
    const routes = [{ path: quick }, { path: "/*", callsUrl: backing.url, callTimeoutMs }];
    // It starts some 10 s before traffic: it is slow when the log begins, or well for some more seconds.
    const growth = { from: random.between(20, 60), to: (seconds + 4) * 1000, overMs: 18_000 };
    const later = { ...growth, overMs: 10_000, afterMs: 15_000 };
    const backingAt = (latencyMs: object) =>
      deploymentOf(backing, { env: { ROUTES: JSON.stringify([{ path: "/*", latencyMs }]) } });
    const isLater = random.next() < 0.6;
    const timer = gateway === "nginx" ? "proxy-read-timeout" : "timeout-server";
    return steadyPlan(random, gateway, shop, {
      objects: [
        namespaceOf(shop),
        backingAt(isLater ? later : growth),
        serviceOf(backing),
        deploymentOf(shop, { env: { ROUTES: JSON.stringify(routes) } }),
        serviceOf(shop),
        ingressOf(shop, gateway, { [timer]: gateway === "nginx" ? String(seconds) : `${seconds}s` }),
      ],
      traffic: [
        {
          host: shop.host,
          paths: [
            { path: shop.path, method: "GET", weight: 3 },
            { path: `${shop.path}/items`, method: "POST", weight: 2, bodyBytes: 200 },
            { path: quick, method: "GET", weight: 2 },
          ],
          perSecond: random.between(6, 14),
          clients: shop.clients,
        },
      ],
      seconds: 25,
      mend: applying(backingAt([10, 40])),
    });
  },
};
