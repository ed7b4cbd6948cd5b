import type { KubeObject } from "../api-server/stored-object.ts";
import { settingsOf } from "../controllers/settings.ts";
import { kubeletSettingsOf } from "../kubelet/settings.ts";
import type { Fault } from "./fault.ts";
import { deploymentOf, ingressOf, namespaceOf, serviceOf, type Shop, shopOf } from "./shop.ts";
import { steadyPlan } from "./steady.ts";
import { applying } from "./steps.ts";

const scalerOf = ({ namespace, app }: Shop, minReplicas: number, maxReplicas: number): KubeObject => ({
  apiVersion: "autoscaling/v2",
  kind: "HorizontalPodAutoscaler",
  metadata: { namespace, name: app },
  spec: {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: app },
    minReplicas,
    maxReplicas,
    metrics: [
      {
        type: "Resource",
        resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 60 } },
      },
    ],
  },
});

/** Load rises faster than pods are made; until they are ready, the one that is there is too slow. */
export const hpaLag: Fault = {
  id: "hpa-lag",
  title: "Load rises faster than the autoscaler follows",
  causes: ["hpa-lag"],
  gateways: ["nginx", "haproxy"],
  plan: (random, gateway) => {
    const shop = { ...shopOf(random), replicas: 1 };
    const cpuMs = random.between(12, 16);
    const routes = JSON.stringify([{ path: "/*", cpuMs }]);
    // A fifth of a core for 14 ms each: some 14 requests a second.
    const container = { resources: { requests: { cpu: "200m" }, limits: { cpu: "200m" } } };
    const app = deploymentOf(shop, {
      env: { ROUTES: routes, START_DELAY_MS: String(random.between(2000, 4000)) },
      // A busy pod stays ready, and so it is counted by the autoscaler.
      readiness: {
        httpGet: { path: "/healthz", port: "http" },
        periodSeconds: 1,
        timeoutSeconds: 5,
        failureThreshold: 6,
      },
      container,
    });
    // The autoscaler owns their number.
    delete (app["spec"] as { replicas?: number }).replicas;
    const timer = gateway === "nginx" ? "proxy-read-timeout" : "timeout-server";
    return steadyPlan(random, gateway, shop, {
      objects: [
        namespaceOf(shop),
        app,
        serviceOf(shop),
        scalerOf(shop, 1, 5),
        ingressOf(shop, gateway, { [timer]: gateway === "nginx" ? "2" : "2s" }),
      ],
      traffic: [
        {
          host: shop.host,
          paths: [
            { path: shop.path, method: "GET", weight: 1 },
            { path: `${shop.path}/items`, method: "POST", weight: 2, bodyBytes: 200 },
          ],
          perSecond: 4,
          shape: [{ fromMs: random.between(12_000, 15_000), factor: random.between(6, 7) }],
          clients: shop.clients,
        },
      ],
      seconds: 45,
      steps: [
        {
          atMs: 0,
          text: "pods are measured every 3 s, autoscalers look every 5 s",
          run: (machine) => {
            kubeletSettingsOf(machine).usageMs = 3000;
            settingsOf(machine).hpaSyncPeriodMs = 5000;
          },
        },
      ],
      mend: applying(scalerOf(shop, 4, 5)),
      repeatSteps: true,
    });
  },
};
