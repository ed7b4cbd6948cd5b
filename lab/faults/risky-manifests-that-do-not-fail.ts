import type { Fault } from "./fault.ts";
import { sceneOf } from "./scene.ts";
import { appObjects, quickProbe, targetOf } from "./shop.ts";

/** What a linter of manifests would complain about, on a quiet day. */
export const riskyManifestsThatDoNotFail: Fault = {
  id: "risky-manifests-that-do-not-fail",
  title: "One replica, no preStop, hasty or missing probes, Recreate, a short grace; nothing fails",
  causes: [],
  gateways: ["nginx", "haproxy"],
  plan: (random, gateway) => {
    const { shop, routes, others, traffic } = sceneOf(random, gateway, { replicas: random.between(1, 2) });
    const hasty = { ...quickProbe, failureThreshold: 1 };
    return {
      target: targetOf(shop),
      objects: [
        ...appObjects(shop, gateway, {
          env: { ROUTES: routes(), SHUTDOWN: random.pick(["abrupt", "ignore"]) },
          image: "lab/node-server:1",
          readiness: random.pick(["none", { tcpSocket: { port: shop.port } }] as const),
          container: {
            lifecycle: {},
            resources: { limits: { memory: `${random.pick([256, 320])}Mi` } },
            ...(random.next() < 0.7 ? { livenessProbe: { ...hasty, failureThreshold: 3 } } : {}),
          },
          pod: { terminationGracePeriodSeconds: random.between(1, 5) },
          spec: {
            strategy: random.pick([
              { type: "Recreate" },
              { rollingUpdate: { maxUnavailable: "100%", maxSurge: 0 } },
            ]),
          },
        }),
        ...others,
      ],
      traffic,
      seconds: 25,
      steps: [],
      isOwn: () => false,
    };
  },
};
