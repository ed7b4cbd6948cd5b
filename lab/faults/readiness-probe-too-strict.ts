import type { Fault } from "./fault.ts";
import { sceneOf } from "./scene.ts";
import { appObjects, deploymentOf, serviceOf, targetOf } from "./shop.ts";
import { applying, scaleAt } from "./steps.ts";

/** No request needs the shared part; the health check asks for it, and all pods say "not ready" when it is gone. */
export const readinessProbeTooStrict: Fault = {
  id: "readiness-probe-too-strict",
  title: "The readiness check asks for something shared that requests do not need, and it goes away",
  causes: ["readiness-probe-too-strict"],
  acceptable: ["dependency-down", "no-endpoints-scaled-to-zero", "no-endpoints-pods-not-ready"],
  gateways: ["nginx", "haproxy"],
  plan: (random, gateway) => {
    const { shop, routes, others, traffic, isShops } = sceneOf(random, gateway);
    const shared = { ...shop, app: random.pick(["sessions", "rates", "profiles"]), port: 8080, replicas: 1 };
    const url = `http://${shared.app}.${shop.namespace}.svc.cluster.local:${shared.servicePort}/healthz`;
    const env = { ROUTES: routes(), HEALTH_CALLS_URL: url };
    const backAtMs = random.pick([random.between(18_000, 22_000), undefined]);
    return {
      target: targetOf(shop),
      objects: [
        ...appObjects(shop, gateway, { env: { ...env, HEALTH_MODE: "dependency" } }),
        deploymentOf(shared, { container: { lifecycle: {} } }),
        serviceOf(shared),
        ...others,
      ],
      traffic,
      seconds: 32,
      steps: [
        scaleAt(random.between(5000, 8000), shared, 0),
        ...(backAtMs === undefined ? [] : [scaleAt(backAtMs, shared, 1)]),
      ],
      isOwn: isShops,
      mend: applying(deploymentOf(shop, { env })),
      repeatSteps: true,
    };
  },
};
