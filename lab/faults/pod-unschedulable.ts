import type { Fault } from "./fault.ts";
import { type AppOptions, shopOf } from "./shop.ts";
import { unstartablePlan } from "./unstartable.ts";

/** The pods ask for what no node has. */
export const podUnschedulable: Fault = {
  id: "pod-unschedulable",
  title: "No node takes the application's pods",
  causes: ["pod-unschedulable"],
  acceptable: ["no-endpoints-pods-not-ready", "rollout-bad-revision", "rollout-recreate-or-max-unavailable"],
  gateways: ["nginx", "haproxy"],
  plan: (random, gateway) => {
    const shop = shopOf(random);
    const wrong: AppOptions = random.pick([
      { container: { resources: { requests: { cpu: String(random.between(8, 32)) } } } },
      { container: { resources: { requests: { memory: `${random.between(16, 64)}Gi` } } } },
      { pod: { nodeSelector: { disktype: "ssd" } } },
      { pod: { nodeSelector: { "topology.kubernetes.io/zone": "eu-west-1b" } } },
    ]);
    return unstartablePlan(random, gateway, shop, { wrong, text: `kubectl apply -f ${shop.app}.yaml` });
  },
};
