import type { KubeObject } from "../api-server/stored-object.ts";
import type { Route } from "../images/node-server/config.ts";
import type { Traffic, TriedRequest } from "../load/tried-request.ts";
import type { GatewayName } from "./fault.ts";
import type { Random } from "./random.ts";
import { deploymentOf, ingressOf, serviceOf, type Shop, shopOf } from "./shop.ts";

/** An application, its traffic, and what goes on beside them in every cluster. */
export interface Scene {
  readonly shop: Shop;
  /** Value of ROUTES: these before what the application answers otherwise. */
  readonly routes: (...first: readonly Route[]) => string;
  /** Objects of others in the namespace; after the application's own. */
  readonly others: readonly KubeObject[];
  /** Their Deployments, "namespace/name". */
  readonly otherNames: readonly string[];
  readonly traffic: readonly Traffic[];
  /** Whether a request went to the application. */
  readonly isShops: (request: TriedRequest) => boolean;
}

export function sceneOf(random: Random, gateway: GatewayName, change: Partial<Shop> = {}): Scene {
  const shop: Shop = { ...shopOf(random), ...change };
  const { namespace, host, path, clients } = shop;
  const usual: Route[] = [{ path: "/*", latencyMs: [5, random.between(20, 80)] }];
  const noise: Route[] = [];
  if (random.next() < 0.5) noise.push({ path: `${path}/old-page`, status: 404 });
  if (random.next() < 0.4) noise.push({ path: `${path}/beta`, status: 500, every: random.between(2, 5) });
  const traffic: Traffic = {
    host,
    paths: [
      { path, method: "GET", weight: 6 },
      { path: `${path}/items`, method: "POST", weight: 3, bodyBytes: random.between(50, 800) },
      ...noise.map((route) => ({ path: route.path, method: "GET", weight: 1 })),
    ],
    perSecond: random.between(8, 22),
    clients,
  };
  const neighbour = random.next() < 0.5 ? neighbourOf(random, shop, gateway) : undefined;
  return {
    shop,
    routes: (...first) => JSON.stringify([...first, ...noise, ...usual]),
    others: neighbour?.objects ?? [],
    otherNames: neighbour === undefined ? [] : [`${namespace}/${neighbour.app}`],
    traffic: neighbour === undefined ? [traffic] : [traffic, neighbour.traffic],
    isShops: (request) => request.path === path || request.path.startsWith(`${path}/`),
  };
}

/** Another application of the same host, careless and well: no preStop, no probe. */
function neighbourOf(
  random: Random,
  shop: Shop,
  gateway: GatewayName,
): { readonly app: string; readonly objects: readonly KubeObject[]; readonly traffic: Traffic } {
  const app = random.pick(["reviews", "banners", "wishlist"]);
  const other: Shop = { ...shop, app, path: `/${app}`, replicas: 1 };
  const routes: Route[] = [{ path: `/${app}/stats`, status: 500, every: random.between(2, 9) }];
  const env = { ROUTES: JSON.stringify(routes) };
  return {
    app,
    objects: [
      deploymentOf(other, { env, readiness: "none", container: { lifecycle: {} } }),
      serviceOf(other),
      ingressOf(other, gateway),
    ],
    traffic: {
      host: shop.host,
      paths: [
        { path: other.path, method: "GET", weight: 3 },
        { path: `${other.path}/stats`, method: "GET", weight: 1 },
      ],
      perSecond: random.between(1, 4),
      clients: shop.clients,
    },
  };
}
