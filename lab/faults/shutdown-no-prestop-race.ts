import type { Fault } from "./fault.ts";
import { rolloutPlan } from "./rollout.ts";
import { deploymentOf, preStopPause } from "./shop.ts";
import { applying } from "./steps.ts";

/** A pod stops listening at SIGTERM, while the gateway still has its address. */
export const shutdownNoPrestopRace: Fault = {
  id: "shutdown-no-prestop-race",
  title: "A rollout under load, and pods close their listener before the gateway has heard that they leave",
  causes: ["shutdown-no-prestop-race"],
  // A pod that is gone answers no connect at all.
  acceptable: ["stale-endpoint-after-pod-deletion", "proxy-connect-timeout"],
  gateways: ["nginx", "haproxy"],
  plan: (random, gateway) => {
    const { plan, shop, env } = rolloutPlan(random, gateway, undefined);
    const spec = { strategy: { rollingUpdate: { maxUnavailable: 0 } } };
    return {
      ...plan,
      mend: applying(deploymentOf(shop, { env, spec, container: { lifecycle: preStopPause(10) } })),
      repeatSteps: true,
    };
  },
};
