import { settingsOf } from "../controllers/settings.ts";
import { loseNode } from "../kubelet/node-outages.ts";
import { kubeletSettingsOf } from "../kubelet/settings.ts";
import type { Fault } from "./fault.ts";
import { nodeOf } from "./node-of.ts";
import { noiseOf } from "./noise.ts";
import { deploymentOf, ingressOf, namespaceOf, serviceOf, shopOf } from "./shop.ts";
import { type OwnPlan, steadyPlan, visitsOf } from "./steady.ts";

/** A node falls off the network; its pods stay endpoints until its silence is noticed, 50 s later by default, here 12 s. */
export const nodeNotReady: Fault = {
  id: "node-not-ready",
  title: "A node is lost, and the gateway goes on sending to its pods until the cluster notices",
  causes: ["node-not-ready"],
  acceptable: ["proxy-connect-timeout"],
  gateways: ["nginx"],
  plan: (random, gateway) => {
    const shop = { ...shopOf(random), replicas: random.between(2, 3) };
    const spread = {
      labelSelector: { matchLabels: { app: shop.app } },
      topologyKey: "kubernetes.io/hostname",
    };
    const pod = {
      affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [spread] } },
    };
    const timers = { "proxy-connect-timeout": "2", "proxy-read-timeout": "4", "proxy-next-upstream": "off" };
    let restore: (() => Promise<void>) | undefined;
    const own: OwnPlan = {
      objects: [
        namespaceOf(shop),
        deploymentOf(shop, { pod }),
        serviceOf(shop),
        ingressOf(shop, gateway, timers),
      ],
      traffic: [visitsOf(random, shop)],
      seconds: 38,
      steps: [
        {
          atMs: 0,
          text: "kubelets report every 2 s",
          run: (machine) => void (kubeletSettingsOf(machine).heartbeatMs = 2000),
        },
        {
          atMs: random.between(12_000, 14_000),
          text: "a node is cut off",
          run: async (machine, { namespace }) => {
            Object.assign(settingsOf(machine), { nodeMonitorGraceMs: 12_000, nodeMonitorPeriodMs: 1000 });
            restore = await loseNode(machine, nodeOf(machine, shop, namespace));
          },
        },
      ],
      mend: () => restore?.(),
    };
    // Another application could have its only pod on that node, and wait there for a minute.
    const [lost] = noiseOf(random, shop, gateway).traffic;
    return steadyPlan(random, gateway, shop, own, { objects: [], traffic: [lost!], waitFor: [] });
  },
};
