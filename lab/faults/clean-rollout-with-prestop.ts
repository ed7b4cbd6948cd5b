import type { Fault } from "./fault.ts";
import { rolloutPlan } from "./rollout.ts";
import { preStopPause } from "./shop.ts";

/** The same rollout as in shutdown-no-prestop-race, of an application that waits before it stops. */
export const cleanRolloutWithPrestop: Fault = {
  id: "clean-rollout-with-prestop",
  title: "A rollout under load of pods that pause before SIGTERM; nothing fails",
  causes: [],
  gateways: ["nginx", "haproxy"],
  plan: (random, gateway) => ({ ...rolloutPlan(random, gateway, preStopPause(10)).plan, isOwn: () => false }),
};
