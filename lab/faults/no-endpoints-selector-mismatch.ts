import type { Fault } from "./fault.ts";
import { deploymentOf, ingressOf, namespaceOf, serviceOf, shopOf } from "./shop.ts";
import { steadyPlan } from "./steady.ts";
import { applying } from "./steps.ts";

/** The Service looks for a label that the pods do not have. */
export const noEndpointsSelectorMismatch: Fault = {
  id: "no-endpoints-selector-mismatch",
  title: "The Service's selector matches no pod, though all of them are ready",
  causes: ["no-endpoints-selector-mismatch"],
  gateways: ["nginx", "haproxy"],
  plan: (random, gateway) => {
    const shop = shopOf(random);
    const service = serviceOf(shop);
    const selector: Record<string, string> = random.pick([
      { app: `${shop.app}-api` },
      { app: shop.app, tier: "web" },
      { "app.kubernetes.io/name": shop.app },
      { app: shop.app, version: "v2" },
    ]);
    const wrong = { ...service, spec: { ...(service["spec"] as object), selector } };
    return steadyPlan(random, gateway, shop, {
      objects: [namespaceOf(shop), deploymentOf(shop), wrong, ingressOf(shop, gateway)],
      mend: applying(service),
    });
  },
};
