import type { Traffic } from "../load/tried-request.ts";
import type { GatewayName, Plan } from "./fault.ts";
import { type Noise, noiseOf } from "./noise.ts";
import type { Random } from "./random.ts";
import { type Shop, targetOf } from "./shop.ts";

/** What a plan has of its own; the rest is steady traffic of twelve seconds and what goes on beside it. */
export type OwnPlan = Pick<Plan, "objects"> & Partial<Plan>;

/** Steady traffic on an application that is ill, and ordinary life beside it. All failures under its path are the fault's. */
export function steadyPlan(
  random: Random,
  gateway: GatewayName,
  shop: Shop,
  own: OwnPlan,
  noise: Noise = noiseOf(random, shop, gateway),
): Plan {
  const { waitFor } = own;
  return {
    target: targetOf(shop),
    seconds: 12,
    steps: [],
    isOwn: ({ host, path }) => host === shop.host && `${path}/`.startsWith(`${shop.path}/`),
    ...own,
    objects: [...own.objects, ...noise.objects],
    traffic: [...(own.traffic ?? [visitsOf(random, shop)]), ...noise.traffic],
    ...(waitFor === undefined ? {} : { waitFor: [...waitFor, ...noise.waitFor] }),
  };
}

/** Reads and some writes. */
export const visitsOf = (random: Random, shop: Shop, perSecond = random.between(6, 20)): Traffic => ({
  host: shop.host,
  paths: [
    { path: shop.path, method: "GET", weight: 4 },
    { path: `${shop.path}/items`, method: "POST", weight: random.between(1, 2), bodyBytes: 200 },
  ],
  perSecond,
  clients: shop.clients,
});
