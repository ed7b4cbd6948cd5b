import type { Fault } from "./fault.ts";
import {
  type AppOptions,
  deploymentOf,
  ingressOf,
  namespaceOf,
  preStopPause,
  serviceOf,
  shopOf,
} from "./shop.ts";
import { steadyPlan } from "./steady.ts";
import { applying } from "./steps.ts";

/** The pods ask for what no node has. */
export const podUnschedulable: Fault = {
  id: "pod-unschedulable",
  title: "No node takes the application's pods",
  causes: ["pod-unschedulable"],
  acceptable: ["no-endpoints-pods-not-ready", "rollout-bad-revision", "rollout-recreate-or-max-unavailable"],
  gateways: ["nginx", "haproxy"],
  plan: (random, gateway) => {
    const shop = shopOf(random);
    const demand: AppOptions = random.pick([
      { container: { resources: { requests: { cpu: String(random.between(8, 32)) } } } },
      { container: { resources: { requests: { memory: `${random.between(16, 64)}Gi` } } } },
      { pod: { nodeSelector: { disktype: "ssd" } } },
      { pod: { nodeSelector: { "topology.kubernetes.io/zone": "eu-west-1b" } } },
    ]);
    const spec = { strategy: { type: "Recreate" } };
    const lifecycle = preStopPause(5);
    const right = deploymentOf(shop, { spec, container: { lifecycle } });
    const wrong = deploymentOf(shop, { ...demand, spec, container: { lifecycle, ...demand.container } });
    const isBefore = random.next() < 0.5;
    return steadyPlan(random, gateway, shop, {
      objects: [namespaceOf(shop), isBefore ? wrong : right, serviceOf(shop), ingressOf(shop, gateway)],
      ...(isBefore ? { waitFor: [] } : {}),
      seconds: 18,
      steps: isBefore
        ? []
        : [
            {
              atMs: random.between(2000, 4000),
              text: `kubectl apply -f ${shop.app}.yaml`,
              run: applying(wrong),
            },
          ],
      mend: applying(right),
    });
  },
};
