import type { Fault } from "./fault.ts";
import { deploymentOf, ingressOf, namespaceOf, preStopPause, serviceOf, shopOf } from "./shop.ts";
import { steadyPlan } from "./steady.ts";
import { applying } from "./steps.ts";

/** The image of the pods is in no registry; with strategy Recreate nothing of the revision before is left. */
export const imagePullFailure: Fault = {
  id: "image-pull-failure",
  title: "The image of the application's pods cannot be pulled",
  causes: ["image-pull-failure"],
  acceptable: ["no-endpoints-pods-not-ready", "rollout-bad-revision", "rollout-recreate-or-max-unavailable"],
  gateways: ["nginx", "haproxy"],
  plan: (random, gateway) => {
    const shop = shopOf(random);
    const image = random.pick([
      `registry.example.com/${shop.namespace}/${shop.app}:2.4.1`,
      `lab/node-sever:1.0`,
      `lab/node-server:v1.1-rc`,
    ]);
    const spec = { strategy: { type: "Recreate" } };
    const container = { lifecycle: preStopPause(5) };
    const right = deploymentOf(shop, { spec, container });
    const wrong = deploymentOf(shop, { spec, container, image });
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
              text: `kubectl set image deployment/${shop.app} ${shop.app}=${image}`,
              run: applying(wrong),
            },
          ],
      mend: applying(right),
    });
  },
};
