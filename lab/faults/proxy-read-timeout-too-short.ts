import type { Fault } from "./fault.ts";
import { deploymentOf, ingressOf, namespaceOf, serviceOf, shopOf } from "./shop.ts";
import { steadyPlan, visitsOf } from "./steady.ts";
import { applying } from "./steps.ts";

/** One path takes long by its nature, and the gateway does not wait for it. */
export const proxyReadTimeoutTooShort: Fault = {
  id: "proxy-read-timeout-too-short",
  title: "The gateway waits less long than one path of the application takes",
  causes: ["proxy-read-timeout-too-short"],
  gateways: ["nginx", "haproxy"],
  plan: (random, gateway) => {
    const shop = shopOf(random);
    const seconds = random.between(2, 3);
    const long = `${shop.path}/${random.pick(["export", "report", "invoice"])}`;
    const routes = [
      { path: long, latencyMs: [seconds * 1000 + 300, seconds * 1000 + random.between(1500, 3000)] },
      { path: "/*", latencyMs: [5, random.between(30, 90)] },
    ];
    const timer = gateway === "nginx" ? "proxy-read-timeout" : "timeout-server";
    const waits = (s: number) => ({ [timer]: gateway === "nginx" ? String(s) : `${s}s` });
    return steadyPlan(random, gateway, shop, {
      objects: [
        namespaceOf(shop),
        deploymentOf(shop, { env: { ROUTES: JSON.stringify(routes) } }),
        serviceOf(shop),
        ingressOf(shop, gateway, waits(seconds)),
      ],
      traffic: [
        visitsOf(random, shop),
        {
          host: shop.host,
          paths: [{ path: long, method: random.pick(["GET", "POST"]), weight: 1 }],
          perSecond: random.between(1, 3),
          clients: shop.clients,
        },
      ],
      seconds: 20,
      mend: applying(ingressOf(shop, gateway, waits(60))),
    });
  },
};
