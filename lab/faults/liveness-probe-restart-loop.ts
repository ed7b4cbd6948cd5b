import type { Probe } from "kubernetes-types/core/v1";
import type { Fault } from "./fault.ts";
import { sceneOf } from "./scene.ts";
import { type AppOptions, appObjects, deploymentOf, quickProbe, targetOf } from "./shop.ts";
import { applying } from "./steps.ts";

/** Whatever the liveness probe takes for death passes by itself: a busy moment, or a start that needs its time. */
export const livenessProbeRestartLoop: Fault = {
  id: "liveness-probe-restart-loop",
  title: "An impatient liveness probe has containers killed that would recover, or would have started",
  causes: ["liveness-probe-restart-loop"],
  acceptable: ["crash-loop-backoff", "no-endpoints-pods-not-ready"],
  gateways: ["nginx", "haproxy"],
  plan: (random, gateway) => {
    const isStartSlow = random.next() < 0.65;
    const scene = sceneOf(random, gateway, { replicas: random.between(1, 2) });
    const { shop, routes, others, otherNames, traffic, isShops } = scene;
    const busyMs = random.between(5500, 7000);
    const trouble: Readonly<Record<string, string>> = isStartSlow
      ? { START_DELAY_MS: String(random.between(9000, 12_000)) }
      : { PAUSE: `${busyMs}/${random.pick([13_000, 15_000])}@clock` };
    const env = {
      ROUTES: routes(),
      ...trouble,
      KEEP_ALIVE_MS: "75000",
      SHUTDOWN: random.pick(["graceful", "abrupt", "exit-at-once"]),
    };
    const impatient: Probe = { ...quickProbe, periodSeconds: random.between(1, 2), failureThreshold: 2 };
    const optionsWith = (probes: AppOptions["container"]): AppOptions => ({
      env,
      // What is ready is ready: nothing but the kill takes a pod away.
      ...(isStartSlow ? {} : { readiness: { tcpSocket: { port: shop.port }, periodSeconds: 1 } }),
      container: { lifecycle: {}, ...probes },
      pod: { terminationGracePeriodSeconds: 5 },
    });
    const patient: Probe = { ...quickProbe, timeoutSeconds: 10, failureThreshold: 5 };
    const starting: Probe = { ...quickProbe, failureThreshold: 30 };
    return {
      target: targetOf(shop),
      objects: [...appObjects(shop, gateway, optionsWith({ livenessProbe: impatient })), ...others],
      ...(isStartSlow ? { waitFor: otherNames } : {}),
      traffic,
      seconds: isStartSlow ? 25 : 40,
      steps: [],
      isOwn: isShops,
      mend: applying(
        deploymentOf(
          shop,
          optionsWith(
            isStartSlow ? { livenessProbe: impatient, startupProbe: starting } : { livenessProbe: patient },
          ),
        ),
      ),
    };
  },
};
