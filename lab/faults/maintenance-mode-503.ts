import type { Fault } from "./fault.ts";
import { deploymentOf, ingressOf, namespaceOf, serviceOf, shopOf } from "./shop.ts";
import { steadyPlan } from "./steady.ts";
import { applying } from "./steps.ts";

/** Somebody has the gateway answer 503 for this Ingress. */
export const maintenanceMode503: Fault = {
  id: "maintenance-mode-503",
  title: "The Ingress has a snippet by which the gateway answers 503 itself",
  causes: ["maintenance-mode-503"],
  gateways: ["nginx", "haproxy"],
  plan: (random, gateway) => {
    const shop = shopOf(random);
    const text = random.pick(["Down for maintenance", "We will be back soon"]);
    const snippets: Record<string, string> =
      gateway === "haproxy"
        ? { "config-backend": "http-request return status 503" }
        : { "configuration-snippet": random.pick(["return 503;", `return 503 "${text}\\n";`]) };
    const wrong = ingressOf(shop, gateway, snippets);
    const right = ingressOf(shop, gateway);
    const isBefore = random.next() < 0.5;
    return steadyPlan(random, gateway, shop, {
      ...(gateway === "nginx" ? { gateway: { config: { "allow-snippet-annotations": "true" } } } : {}),
      objects: [namespaceOf(shop), deploymentOf(shop), serviceOf(shop), isBefore ? wrong : right],
      seconds: 15,
      steps: isBefore
        ? []
        : [{ atMs: 3000, text: `kubectl annotate ingress/${shop.app} (503)`, run: applying(wrong) }],
      mend: applying(right),
    });
  },
};
