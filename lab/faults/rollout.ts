import type { Container } from "kubernetes-types/core/v1";
import type { GatewayName, Plan } from "./fault.ts";
import type { Random } from "./random.ts";
import { deploymentOf, ingressOf, namespaceOf, serviceOf, type Shop, shopOf, targetOf } from "./shop.ts";
import { restartAt } from "./steps.ts";

/** A rollout restart in the middle of steady traffic; pods stop as the lifecycle says. */
export function rolloutPlan(
  random: Random,
  gateway: GatewayName,
  lifecycle: Container["lifecycle"],
): { readonly plan: Plan; readonly shop: Shop; readonly env: Readonly<Record<string, string>> } {
  const shop = { ...shopOf(random), replicas: random.between(1, 2) };
  const routes = [{ path: "/*", latencyMs: [10, random.between(40, 120)] }];
  const env = { ROUTES: JSON.stringify(routes), START_DELAY_MS: String(random.between(200, 1500)) };
  // A retry would hide that a pod refuses: at a second one, or, as HAProxy waits a second before it, at the new one.
  const noSecondTry: Readonly<Record<GatewayName, Record<string, string>>> = {
    nginx: shop.replicas > 1 ? { "proxy-next-upstream": "off" } : {},
    haproxy: { retries: "0" },
  };
  const container: Partial<Container> = lifecycle === undefined ? { lifecycle: {} } : { lifecycle };
  const plan: Plan = {
    target: targetOf(shop),
    objects: [
      namespaceOf(shop),
      deploymentOf(shop, { env, container, spec: { strategy: { rollingUpdate: { maxUnavailable: 0 } } } }),
      serviceOf(shop),
      ingressOf(shop, gateway, noSecondTry[gateway]),
    ],
    traffic: [
      {
        host: shop.host,
        paths: [
          { path: shop.path, method: "GET", weight: 3 },
          { path: `${shop.path}/items`, method: "POST", weight: 1, bodyBytes: 200 },
        ],
        perSecond: random.between(30, 60),
        clients: shop.clients,
      },
    ],
    seconds: 25,
    steps: [restartAt(random.between(5000, 7000), shop)],
    isOwn: () => true,
  };
  return { plan, shop, env };
}
