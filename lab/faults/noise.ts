import type { KubeObject } from "../api-server/stored-object.ts";
import type { Traffic } from "../load/tried-request.ts";
import type { GatewayName } from "./fault.ts";
import type { Random } from "./random.ts";
import { deploymentOf, ingressOf, serviceOf, type Shop } from "./shop.ts";

/** Ordinary life beside a fault, which has nothing to do with it. */
export interface Noise {
  readonly objects: readonly KubeObject[];
  readonly traffic: readonly Traffic[];
  /** Deployments of it, "namespace/name". */
  readonly waitFor: readonly string[];
}

/**
 * A page that nobody serves, and in most seeds another application of the same host: without a preStop pause, and now
 * and then with an error of its own.
 */
export function noiseOf(random: Random, shop: Shop, gateway: GatewayName, errors = [500, 500, 503]): Noise {
  const { namespace, host, clients } = shop;
  const lost = {
    host,
    paths: [
      { path: random.pick(["/favicon.ico", "/robots.txt", "/wp-login.php"]), method: "GET", weight: 1 },
    ],
    perSecond: random.between(1, 10) / 10,
    clients,
  };
  if (random.next() < 0.3) return { objects: [], traffic: [lost], waitFor: [] };
  const app = random.pick(["reviews", "banners", "wishlist"]);
  const neighbour: Shop = { ...shop, app, path: `/${app}`, replicas: 1 };
  const broken = `/${app}/${random.pick(["export", "feed"])}`;
  const routes = [{ path: broken, status: random.pick(errors), every: random.between(2, 5) }];
  const traffic: Traffic = {
    host,
    paths: [
      { path: neighbour.path, method: "GET", weight: 8 },
      { path: broken, method: "GET", weight: 1 },
    ],
    perSecond: random.between(2, 5),
    clients,
  };
  return {
    objects: [
      deploymentOf(neighbour, { env: { ROUTES: JSON.stringify(routes) }, container: { lifecycle: {} } }),
      serviceOf(neighbour),
      ingressOf(neighbour, gateway),
    ],
    traffic: [lost, traffic],
    waitFor: [`${namespace}/${app}`],
  };
}
