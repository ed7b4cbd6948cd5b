import type { Fault } from "./fault.ts";
import { sceneOf } from "./scene.ts";
import { appObjects, deploymentOf, quickProbe, targetOf } from "./shop.ts";
import { applying } from "./steps.ts";

/** A job of a schedule keeps every pod's event loop for some seconds; requests would only wait, but the probe does not. */
export const readinessProbeTimeoutFlapping: Fault = {
  id: "readiness-probe-timeout-flapping",
  title: "The readiness probe times out whenever the application is busy, and all pods leave the endpoints",
  causes: ["readiness-probe-timeout-flapping"],
  acceptable: ["no-endpoints-pods-not-ready"],
  gateways: ["nginx", "haproxy"],
  plan: (random, gateway) => {
    const { shop, routes, others, traffic, isShops } = sceneOf(random, gateway, {
      replicas: random.between(1, 2),
    });
    // Longer than a gateway may take to look again after the first pod has left.
    const busyMs = random.between(8000, 9500);
    const env = {
      ROUTES: routes(),
      PAUSE: `${busyMs}/${random.pick([18_000, 20_000])}@clock`,
      KEEP_ALIVE_MS: "75000",
    };
    const hasty = { ...quickProbe, failureThreshold: random.between(2, 3) };
    const patient = { ...quickProbe, timeoutSeconds: 12 };
    return {
      target: targetOf(shop),
      objects: [...appObjects(shop, gateway, { env, readiness: hasty }), ...others],
      traffic,
      seconds: 45,
      steps: [],
      isOwn: isShops,
      mend: applying(deploymentOf(shop, { env, readiness: patient })),
    };
  },
};
