import { appEmitted5xx } from "./app-emitted-5xx.ts";
import { cleanRolloutWithPrestop } from "./clean-rollout-with-prestop.ts";
import type { Fault, GatewayName, Plan } from "./fault.ts";
import { heavyLoadNoFailure } from "./heavy-load-no-failure.ts";
import { keepaliveIdleRace } from "./keepalive-idle-race.ts";
import { seededRandom } from "./random.ts";
import { shutdownNoPrestopRace } from "./shutdown-no-prestop-race.ts";
import { wrongTargetPortNumber } from "./wrong-target-port-number.ts";

/** Every fault and every innocent, by id. */
export const faults: readonly Fault[] = [
  appEmitted5xx,
  cleanRolloutWithPrestop,
  heavyLoadNoFailure,
  keepaliveIdleRace,
  shutdownNoPrestopRace,
  wrongTargetPortNumber,
];

export const faultOf = (id: string): Fault | undefined => faults.find((fault) => fault.id === id);

/** The plan of a fault by its id, the same in every process. */
export const planOf = (id: string | undefined, seed: number, gateway: GatewayName): Plan | undefined =>
  id === undefined ? undefined : faultOf(id)?.plan(seededRandom(seed), gateway);
