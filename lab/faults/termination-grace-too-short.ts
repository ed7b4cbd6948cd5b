import type { Fault } from "./fault.ts";
import { sceneOf } from "./scene.ts";
import { type AppOptions, appObjects, deploymentOf, preStopPause, targetOf } from "./shop.ts";
import { applying, restartAt } from "./steps.ts";

/** preStop is long enough for the gateway to hear of it; what runs longer than the rest of the grace is cut. */
export const terminationGraceTooShort: Fault = {
  id: "termination-grace-too-short",
  title: "A rollout cuts long requests at the end of the pods' grace period",
  causes: ["termination-grace-too-short"],
  gateways: ["nginx", "haproxy"],
  plan: (random, gateway) => {
    const { shop, routes, others, traffic } = sceneOf(random, gateway, { replicas: random.between(1, 2) });
    const long = `${shop.path}/${random.pick(["report", "export", "import"])}`;
    const leastMs = random.between(11_000, 13_000);
    const env = { ROUTES: routes({ path: long, latencyMs: [leastMs, leastMs + 4000] }) };
    const pauseSeconds = random.between(5, 6);
    const stopping = (graceSeconds: number): AppOptions => ({
      env,
      container: { lifecycle: preStopPause(pauseSeconds) },
      pod: { terminationGracePeriodSeconds: graceSeconds },
      spec: { strategy: { rollingUpdate: { maxUnavailable: 0 } } },
    });
    return {
      target: targetOf(shop),
      objects: [...appObjects(shop, gateway, stopping(pauseSeconds + random.between(1, 3))), ...others],
      traffic: [
        ...traffic,
        {
          host: shop.host,
          // Not retried: nobody knows what the first pod had done.
          paths: [{ path: long, method: "POST", weight: 1, bodyBytes: 300 }],
          perSecond: random.between(2, 4),
          clients: shop.clients,
        },
      ],
      seconds: 32,
      steps: [restartAt(random.between(12_000, 14_000), shop)],
      isOwn: ({ path }) => path === long,
      mend: applying(deploymentOf(shop, stopping(60))),
      repeatSteps: true,
    };
  },
};
