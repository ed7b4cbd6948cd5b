import type { Traffic } from "../traffic.ts";
import { bursts } from "./bursts.ts";
import type { KnownChange } from "./changes.ts";
import { type FailedAttempt, failedAttempts } from "./failed-attempts.ts";
import { idleGap } from "./idle-gap.ts";
import { loadRelation } from "./load-relation.ts";
import { memoryless } from "./memoryless.ts";
import { onset } from "./onset.ts";
import { outageGaps } from "./outage-gaps.ts";
import type { Pattern } from "./pattern.ts";
import { periodic } from "./periodic.ts";

/** Fewer of a class are not looked at by themselves. */
const leastFailures = 5;

/** Patterns of all failures together, then of each class of at least five when there are several. */
export function patternsInTime(
  traffic: Traffic,
  changes: readonly KnownChange[] = [],
  periodsMs: readonly number[] = [],
): readonly Pattern[] {
  const failed = failedAttempts(traffic);
  const byClass = Map.groupBy(failed, (attempt) => attempt.class);
  const classes = [...byClass].sort(([a], [b]) => (a < b ? -1 : 1));
  const only = classes.length === 1 ? classes[0]?.[0] : undefined;
  const of = (attempts: readonly FailedAttempt[], name: Pattern["class"]): Pattern[] =>
    inTime(traffic, attempts, changes, periodsMs).map((pattern) => withClass(pattern, name));
  return [
    ...of(failed, only),
    ...classes
      .filter(([, attempts]) => classes.length > 1 && attempts.length >= leastFailures)
      .flatMap(([name, attempts]) => of(attempts, name)),
  ];
}

function inTime(
  traffic: Traffic,
  failed: readonly FailedAttempt[],
  changes: readonly KnownChange[],
  periodsMs: readonly number[],
): Pattern[] {
  const shaped = [
    ...onset(traffic, failed, changes),
    ...bursts(traffic, failed, changes),
    ...periodic(traffic, failed, periodsMs),
  ];
  const related = loadRelation(traffic, failed);
  const capacity = related.filter(({ reading }) => reading === "capacity");
  // What has a shape remembers something, and is no race.
  const isShaped = shaped.length > 0 || capacity.length > 0;
  return [
    ...shaped,
    ...(isShaped ? capacity : related),
    ...(isShaped ? [] : memoryless(traffic, failed)),
    ...outageGaps(traffic, failed),
    ...idleGap(traffic, failed),
  ];
}

const withClass = (pattern: Pattern, name: Pattern["class"]): Pattern =>
  name === undefined || pattern.class !== undefined ? pattern : { ...pattern, class: name };
