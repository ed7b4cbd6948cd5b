import type { Traffic } from "../traffic.ts";
import { addressLives } from "./address-life.ts";
import { bursts } from "./bursts.ts";
import type { KnownChange } from "./changes.ts";
import { concentrations, type Places } from "./concentration.ts";
import { cutOffDurations } from "./cut-off-durations.ts";
import { endAlignments } from "./end-alignment.ts";
import { type FailedAttempt, failedAttempts } from "./failed-attempts.ts";
import { idleGap } from "./idle-gap.ts";
import { loadRelation } from "./load-relation.ts";
import { memoryless } from "./memoryless.ts";
import { methodSkews } from "./method-skew.ts";
import { onset } from "./onset.ts";
import { outageGaps } from "./outage-gaps.ts";
import type { Pattern } from "./pattern.ts";
import { periodic } from "./periodic.ts";
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

/** Fewer of a class are not looked at by themselves. */
const leastFailures = 5;

/**
 * Every pattern of the failures in `traffic`, in a fixed order: those of time for all failures together, then
 * for each class of at least five when there are several, then those of place and shape.
 */
export function patternsOf(traffic: Traffic, context: PatternContext = {}): readonly Pattern[] {
  const failed = failedAttempts(traffic);
  const byClass = Map.groupBy(failed, (attempt) => attempt.class);
  const classes = [...byClass].sort(([a], [b]) => (a < b ? -1 : 1));
  const only = classes.length === 1 ? classes[0]?.[0] : undefined;
  const together = inTime(traffic, failed, context).map((pattern) => withClass(pattern, only));
  const apart = classes
    .filter(([, attempts]) => classes.length > 1 && attempts.length >= leastFailures)
    .flatMap(([name, attempts]) =>
      inTime(traffic, attempts, context).map((pattern) => withClass(pattern, name)),
    );
  return [...together, ...apart, ...inPlaceAndShape(traffic, context)];
}

function inTime(traffic: Traffic, failed: readonly FailedAttempt[], context: PatternContext): Pattern[] {
  const shaped = [
    ...onset(traffic, failed, context.changes),
    ...bursts(traffic, failed, context.changes),
    ...periodic(traffic, failed, context.periodsMs),
  ];
  const related = loadRelation(traffic, failed);
  const grows = related.some(({ reading }) => reading === "capacity");
  return [
    ...shaped,
    ...related,
    // What has a shape remembers something.
    ...(shaped.length > 0 || grows ? [] : memoryless(traffic, failed)),
    ...outageGaps(traffic, failed),
    ...idleGap(traffic, failed),
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

const withClass = (pattern: Pattern, name: Pattern["class"]): Pattern =>
  name === undefined || pattern.class !== undefined ? pattern : { ...pattern, class: name };
