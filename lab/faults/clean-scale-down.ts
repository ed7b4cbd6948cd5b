import type { Fault } from "./fault.ts";
import { sceneOf } from "./scene.ts";
import { appObjects, preStopPause, targetOf } from "./shop.ts";
import { scaleAt } from "./steps.ts";

/** Pods leave under load, and each pauses until the gateway has heard of it. */
export const cleanScaleDown: Fault = {
  id: "clean-scale-down",
  title: "Pods that pause before SIGTERM are scaled away under load, and come back; nothing fails",
  causes: [],
  gateways: ["nginx", "haproxy"],
  plan: (random, gateway) => {
    const { shop, routes, others, traffic } = sceneOf(random, gateway, { replicas: random.between(3, 4) });
    const few = random.between(1, 2);
    return {
      target: targetOf(shop),
      objects: [
        ...appObjects(shop, gateway, {
          env: { ROUTES: routes(), START_DELAY_MS: String(random.between(200, 1500)) },
          container: { lifecycle: preStopPause(random.between(6, 9)) },
        }),
        ...others,
      ],
      traffic,
      seconds: 28,
      steps: [
        scaleAt(random.between(4000, 6000), shop, few),
        scaleAt(random.between(18_000, 20_000), shop, shop.replicas),
      ],
      isOwn: () => false,
    };
  },
};
