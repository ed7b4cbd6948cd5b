import type { Route } from "../images/node-server/config.ts";
import type { Fault } from "./fault.ts";
import { sceneOf } from "./scene.ts";
import { type AppOptions, deploymentOf, ingressOf, namespaceOf, serviceOf, targetOf } from "./shop.ts";
import { applying } from "./steps.ts";

/** A new version whose health check knows nothing of what is wrong with it. */
export const rolloutBadRevision: Fault = {
  id: "rollout-bad-revision",
  title: "The newest version of the application is broken, and is rolled out",
  causes: ["rollout-bad-revision"],
  acceptable: ["app-emitted-5xx"],
  gateways: ["nginx", "haproxy"],
  plan: (random, gateway) => {
    const kind = random.between(0, 4);
    const { shop, routes, others, traffic, isShops } = sceneOf(random, gateway);
    const trouble: readonly Route[] = [
      { path: `${shop.path}/*`, closeBeforeHeader: true },
      { path: `${shop.path}/*`, closeBeforeHeader: "reset" },
      { path: `${shop.path}/*`, latencyMs: [7000, 9000] },
      { path: `${shop.path}/*`, status: 503 },
      { path: `${shop.path}/*`, latencyMs: [7000, 9000], every: 2 },
    ];
    const major = random.between(1, 9);
    const strategy = { rollingUpdate: { maxUnavailable: random.between(0, 1), maxSurge: 1 } };
    const good: AppOptions = {
      image: `lab/node-server:${major}.0`,
      env: { ROUTES: routes() },
      spec: { strategy },
    };
    const bad: AppOptions = {
      image: `lab/node-server:${major}.1`,
      env: { ROUTES: routes(trouble[kind]!) },
      spec: { strategy },
    };
    const annotations: Readonly<Record<string, string>> =
      gateway === "nginx" ? { "proxy-read-timeout": "3" } : { "timeout-server": "3s" };
    return {
      target: targetOf(shop),
      objects: [
        namespaceOf(shop),
        deploymentOf(shop, good),
        serviceOf(shop),
        ingressOf(shop, gateway, annotations),
        ...others,
      ],
      traffic,
      seconds: 35,
      steps: [
        {
          atMs: random.between(7000, 10_000),
          text: `kubectl set image deployment/${shop.app} ${shop.app}=${bad.image} -n ${shop.namespace}`,
          run: applying(deploymentOf(shop, bad)),
        },
      ],
      isOwn: isShops,
      mend: applying(deploymentOf(shop, good)),
    };
  },
};
