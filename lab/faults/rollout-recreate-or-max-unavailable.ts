import type { Fault } from "./fault.ts";
import { sceneOf } from "./scene.ts";
import { type AppOptions, appObjects, deploymentOf, preStopPause, targetOf } from "./shop.ts";
import { applying, restartAt } from "./steps.ts";

/** Old pods go before new ones have started. */
export const rolloutRecreateOrMaxUnavailable: Fault = {
  id: "rollout-recreate-or-max-unavailable",
  title: "The rollout strategy takes all pods away at once",
  causes: ["rollout-recreate-or-max-unavailable"],
  acceptable: ["no-endpoints-pods-not-ready"],
  gateways: ["nginx", "haproxy"],
  plan: (random, gateway) => {
    const kind = random.between(0, 4);
    const { shop, routes, others, traffic, isShops } = sceneOf(random, gateway, {
      replicas: random.between(1, 3),
    });
    const env = { ROUTES: routes(), START_DELAY_MS: String(random.between(3000, 7000)) };
    const rolledBy = (strategy: object): AppOptions => ({
      env,
      spec: { strategy },
      container: { lifecycle: preStopPause(6) },
    });
    const recreate = { type: "Recreate" };
    const all = rolling(shop.replicas);
    const hard = [recreate, rolling("100%"), recreate, rolling("100%"), all][kind] ?? recreate;
    return {
      target: targetOf(shop),
      objects: [...appObjects(shop, gateway, rolledBy(hard)), ...others],
      traffic,
      seconds: 35,
      steps: [restartAt(random.between(6000, 9000), shop)],
      isOwn: isShops,
      mend: applying(deploymentOf(shop, rolledBy(rolling(0)))),
      repeatSteps: true,
    };
  },
};

const rolling = (maxUnavailable: number | string): object => ({
  type: "RollingUpdate",
  rollingUpdate: { maxUnavailable, maxSurge: 1 },
});
