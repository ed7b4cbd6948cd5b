import type { Fault } from "./fault.ts";
import { deploymentOf, ingressOf, namespaceOf, serviceOf, shopOf } from "./shop.ts";
import { steadyPlan, visitsOf } from "./steady.ts";
import { applying } from "./steps.ts";

/** More header than the gateway's buffer takes: 4 KB in ingress-nginx, 16 KB in HAProxy. */
export const responseHeaderTooLarge: Fault = {
  id: "response-header-too-large",
  title: "The header of one path's answer is larger than the gateway's buffer",
  causes: ["response-header-too-large"],
  gateways: ["nginx", "haproxy"],
  plan: (random, gateway) => {
    const shop = shopOf(random);
    const large = `${shop.path}/${random.pick(["login", "callback", "session"])}`;
    const headerBytes = gateway === "nginx" ? random.between(4200, 7500) : random.between(17_000, 30_000);
    const appWith = (bytes: number) =>
      deploymentOf(shop, { env: { ROUTES: JSON.stringify([{ path: large, headerBytes: bytes }]) } });
    const widened = ingressOf(shop, gateway, { "proxy-buffer-size": "16k" });
    return steadyPlan(random, gateway, shop, {
      objects: [namespaceOf(shop), appWith(headerBytes), serviceOf(shop), ingressOf(shop, gateway)],
      traffic: [
        visitsOf(random, shop),
        {
          host: shop.host,
          paths: [{ path: large, method: random.pick(["GET", "POST"]), weight: 1 }],
          perSecond: random.between(1, 4),
          clients: shop.clients,
        },
      ],
      mend: applying(gateway === "nginx" ? widened : appWith(1000)),
    });
  },
};
