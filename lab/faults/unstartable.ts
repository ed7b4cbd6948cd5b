import type { GatewayName, Plan } from "./fault.ts";
import type { Random } from "./random.ts";
import {
  type AppOptions,
  deploymentOf,
  ingressOf,
  namespaceOf,
  preStopPause,
  serviceOf,
  type Shop,
} from "./shop.ts";
import { steadyPlan } from "./steady.ts";
import { applying } from "./steps.ts";

/**
 * Pods that cannot start, from the beginning on or from a change under traffic; with strategy Recreate nothing of the
 * revision before is left.
 */
export function unstartablePlan(
  random: Random,
  gateway: GatewayName,
  shop: Shop,
  { wrong, text }: { readonly wrong: AppOptions; readonly text: string },
): Plan {
  const recreated = (options: AppOptions) =>
    deploymentOf(shop, {
      ...options,
      spec: { strategy: { type: "Recreate" } },
      container: { lifecycle: preStopPause(5), ...options.container },
    });
  const [good, bad] = [recreated({}), recreated(wrong)];
  const isBefore = random.next() < 0.5;
  return steadyPlan(random, gateway, shop, {
    objects: [namespaceOf(shop), isBefore ? bad : good, serviceOf(shop), ingressOf(shop, gateway)],
    ...(isBefore ? { waitFor: [] } : {}),
    seconds: 18,
    steps: isBefore ? [] : [{ atMs: random.between(2000, 4000), text, run: applying(bad) }],
    mend: applying(good),
  });
}
