import { nginxInstallation } from "../gateways/nginx/installation.ts";
import type { Fault } from "./fault.ts";
import { appObjects, preStopPause, shopOf } from "./shop.ts";
import { steadyPlan, visitsOf } from "./steady.ts";
import { rolloutRestart } from "./steps.ts";

/** The gateway's only pod is replaced, and nobody takes connections until the next one is ready. */
export const ingressControllerRestart: Fault = {
  id: "ingress-controller-restart",
  title: "The only pod of the gateway restarts in the middle of traffic",
  causes: ["ingress-controller-restart"],
  gateways: ["nginx"],
  plan: (random, gateway) => {
    const shop = shopOf(random);
    const controller = { ...shop, namespace: nginxInstallation.namespace, app: nginxInstallation.name };
    return steadyPlan(random, gateway, shop, {
      objects: appObjects(shop, gateway),
      traffic: [visitsOf(random, shop, random.between(10, 20))],
      seconds: 20,
      steps: [
        {
          atMs: random.between(4000, 6000),
          text: `kubectl rollout restart deployment/${controller.app} -n ${controller.namespace}`,
          run: (machine) => rolloutRestart(machine, controller),
        },
      ],
      isOwn: () => true,
      mend: ({ writes }) => {
        const containers = [{ name: nginxInstallation.container.name, lifecycle: preStopPause(5) }];
        const body = { spec: { replicas: 2, template: { spec: { containers } } } };
        writes.patch("deployments", controller.app, controller.namespace, { type: "strategic", body });
      },
      repeatSteps: true,
    });
  },
};
