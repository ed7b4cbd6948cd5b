import type { Fault } from "./fault.ts";
import { sceneOf } from "./scene.ts";
import { type AppOptions, appObjects, deploymentOf, targetOf } from "./shop.ts";
import { applying } from "./steps.ts";

/** One path keeps what it has read; the container meets its memory limit every some seconds. */
export const oomKilled: Fault = {
  id: "oom-killed",
  title: "The container outgrows its memory limit and is killed",
  causes: ["oom-killed"],
  acceptable: ["crash-loop-backoff", "no-endpoints-pods-not-ready"],
  gateways: ["nginx", "haproxy"],
  plan: (random, gateway) => {
    const { shop, routes, others, traffic, isShops } = sceneOf(random, gateway, {
      replicas: random.between(1, 2),
    });
    const greedy = `${shop.path}/${random.pick(["export", "thumbnails", "report"])}`;
    const env = {
      ROUTES: routes({
        path: greedy,
        allocMb: random.between(6, 10) * shop.replicas,
        latencyMs: [100, random.between(200, 600)],
      }),
    };
    const limited = (memory: string): AppOptions => ({
      env,
      container: { resources: { requests: { memory: "64Mi" }, limits: { memory } } },
    });
    const limit = `${random.pick([160, 192, 200])}Mi`;
    return {
      target: targetOf(shop),
      objects: [...appObjects(shop, gateway, limited(limit)), ...others],
      traffic: [
        ...traffic,
        {
          host: shop.host,
          paths: [{ path: greedy, method: "GET", weight: 1 }],
          perSecond: random.between(1, 2),
          clients: shop.clients,
        },
      ],
      seconds: 45,
      steps: [],
      isOwn: isShops,
      mend: applying(deploymentOf(shop, limited("2Gi"))),
    };
  },
};
