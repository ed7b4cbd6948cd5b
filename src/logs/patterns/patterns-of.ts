import type { Traffic } from "../traffic.ts";
import { addressLives } from "./address-life.ts";
import type { KnownChange } from "./changes.ts";
import { concentrations, type Places } from "./concentration.ts";
import { cutOffDurations } from "./cut-off-durations.ts";
import { endAlignments } from "./end-alignment.ts";
import { methodSkews } from "./method-skew.ts";
import type { Pattern } from "./pattern.ts";
import { patternsInTime } from "./patterns-in-time.ts";
import { sizeThresholds } from "./size-threshold.ts";
import { timerPileUps } from "./timer-pile-up.ts";
import type { RouteTimer } from "./timers-at.ts";

/** What is known beside the log, by which patterns are named. */
export interface PatternContext {
  /** Timers of the route's gateway as configured, with the words to name them by. */
  readonly timers?: readonly RouteTimer[];
  /** Moments at which something was changed: rollouts, reloads, scalings. */
  readonly changes?: readonly KnownChange[];
  /** Node and revision of the pods that had the addresses of the log. */
  readonly places?: Places;
  /** Periods of the route's own probes, beside the usual ones. */
  readonly periodsMs?: readonly number[];
}

/**
 * Every pattern of the failures in `traffic`, in a fixed order: those of time, then those of place and shape.
 */
export function patternsOf(traffic: Traffic, context: PatternContext = {}): readonly Pattern[] {
  return [
    ...patternsInTime(traffic, context.changes, context.periodsMs),
    ...inPlaceAndShape(traffic, context),
  ];
}

function inPlaceAndShape(traffic: Traffic, { timers, places }: PatternContext): Pattern[] {
  return [
    ...timerPileUps(traffic, timers),
    ...cutOffDurations(traffic, timers),
    ...concentrations(traffic, places),
    ...addressLives(traffic),
    ...endAlignments(traffic),
    ...methodSkews(traffic),
    ...sizeThresholds(traffic),
  ];
}
