import type { Traffic } from "../load/tried-request.ts";
import type { Fault } from "./fault.ts";
import { appObjects, deploymentOf, shopOf, targetOf } from "./shop.ts";
import { applying } from "./steps.ts";

/**
 * The application closes idle connections before the gateway does, whose default is 60 s, and requests come just when it does.
 * Its event loop stands still now and then, as with a collection of garbage: what arrives meanwhile on a connection
 * whose time is up is never read.
 */
export const keepaliveIdleRace: Fault = {
  id: "keepalive-idle-race",
  title: "The application closes idle connections that the gateway is about to use again",
  causes: ["keepalive-idle-race"],
  // HAProxy sends only a client's later requests on a used connection, and when that is closed it closes the client's
  // without an answer and without a line in its log (haproxy src/http_ana.c, abort_keep_alive): there is no 5xx to explain.
  gateways: ["nginx"],
  plan: (random, gateway) => {
    const shop = { ...shopOf(random), replicas: 2 };
    const keepAliveMs = random.pick([1000, 1500, 2000]);
    const routes = JSON.stringify([{ path: `${shop.path}/*`, latencyMs: [10, 30] }]);
    const env = { ROUTES: routes, PAUSE: `${random.between(50, 80)}/${random.between(230, 290)}` };
    // Bursts: as many connections as requests at once, and all idle until the next.
    const burst: Traffic = {
      host: shop.host,
      paths: [{ path: `${shop.path}/sync`, method: "POST", weight: 1, bodyBytes: 300 }],
      perSecond: 0,
      gapsMs: Array.from({ length: 40 }, () => keepAliveMs + random.between(-10, 40)),
      clients: shop.clients,
      freshShare: 0.2,
    };
    const browsing: Traffic = {
      host: shop.host,
      paths: [{ path: shop.path, method: "GET", weight: 1 }],
      perSecond: random.between(30, 40),
      clients: shop.clients,
    };
    return {
      target: targetOf(shop),
      objects: appObjects(shop, gateway, { env: { ...env, KEEP_ALIVE_MS: String(keepAliveMs) } }),
      traffic: [...Array.from({ length: 8 }, () => burst), browsing],
      seconds: 40,
      steps: [],
      isOwn: () => true,
      mend: applying(deploymentOf(shop, { env: { ...env, KEEP_ALIVE_MS: "75000" } })),
    };
  },
};
