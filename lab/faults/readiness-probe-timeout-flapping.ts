import type { Fault } from "./fault.ts";
import { sceneOf } from "./scene.ts";
import { appObjects, deploymentOf, quickProbe, targetOf } from "./shop.ts";
import { applying } from "./steps.ts";

/** A job of a schedule keeps every pod's event loop for some seconds; requests would only wait, but the probe does not. */
export const readinessProbeTimeoutFlapping: Fault = {
  id: "readiness-probe-timeout-flapping",
  title: "The readiness probe times out whenever the application is busy, and all pods leave the endpoints",
  causes: ["readiness-probe-timeout-flapping"],
  gateways: ["nginx", "haproxy"],
  plan: (random, gateway) => {
    const { shop, routes, others, traffic, isShops } = sceneOf(random, gateway, {
      replicas: random.between(1, 2),
    });
    const busyMs = random.between(5000, 6500);
    const env = {
      ROUTES: routes(),
      PAUSE: `${busyMs}/${random.pick([14_000, 16_000])}@clock`,
      KEEP_ALIVE_MS: "75000",
    };
    const hasty = { ...quickProbe, failureThreshold: random.between(2, 3) };
    const patient = { ...quickProbe, timeoutSeconds: 8 };
    return {
      target: targetOf(shop),
      objects: [...appObjects(shop, gateway, { env, readiness: hasty }), ...others],
      traffic,
      seconds: 40,
      steps: [],
      isOwn: isShops,
      mend: applying(deploymentOf(shop, { env, readiness: patient })),
    };
  },
};
