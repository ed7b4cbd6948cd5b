import { corrected } from "../../base/statistics/corrected.ts";
import { poissonAtLeast } from "../../base/statistics/poisson.ts";
import type { FailureClass, Traffic } from "../traffic.ts";
import { type FailedAttempt, failedAttempts, onlyClass, resolutionMs } from "./failed-attempts.ts";
import type { EndAlignment } from "./pattern.ts";
import { countBetween, windowsOf } from "./windows.ts";

/** Failures that come when they come; a timer's end when it runs out, so that requests begun together end together. */
const classes: ReadonlySet<FailureClass> = new Set([
  "closed-before-header",
  "truncated",
  "tls-failure",
  "unclassified",
]);

const fewestAttempts = 3;
const endSpreadMs = 100;
/** Starts are spread by this many times the spread that ends may have. */
const spreadRatio = 10;
/** Logs stamped by the second need starts that are further apart than the stamps can hide. */
const coarseSpreadMs = 3000;
/** The stretches on each side of a group that tell how many ends there are anyway, in widths of the group's window. */
const besideWidths: readonly number[] = [10, 50];
/** Stricter than elsewhere: the rate around a group is known from few ends. */
const significance = 0.002;

/** Attempts at one address that began apart and ended together, more of them than end there at other times. */
export function endAlignments(traffic: Traffic): readonly EndAlignment[] {
  const failed = failedAttempts(traffic).filter((attempt) => classes.has(attempt.class));
  const coarse = resolutionMs(failed) === 1000;
  const byAddress = Map.groupBy(failed, (attempt) => attempt.address);
  const addresses = [...byAddress.keys()].filter((address) => address !== "-").sort();
  return addresses.flatMap((address) => {
    const stats = traffic.addresses.get(address);
    const lifeMs = Math.max(stats === undefined ? 0 : stats.lastSeenMs - stats.firstSeenMs, 1);
    const attempts = byAddress.get(address) ?? [];
    const groups = groupsOf(attempts, coarse, lifeMs, failed.length);
    return groups.length === 0 ? [] : [patternOf(address, groups, attempts)];
  });
}

interface Group {
  readonly attempts: readonly FailedAttempt[];
  readonly startSpreadMs: number;
  readonly p: number;
}

/** Windows that do not overlap, from the first attempt on; each holds the attempts that end within it. */
function groupsOf(
  attempts: readonly FailedAttempt[],
  coarse: boolean,
  lifeMs: number,
  looked: number,
): Group[] {
  const windowMs = coarse ? 1000 : endSpreadMs;
  const leastSpreadMs = coarse ? coarseSpreadMs : endSpreadMs * spreadRatio;
  const ends = attempts.map((attempt) => attempt.endMs);
  const starts = attempts.map((attempt) => attempt.startMs);
  const groups: Group[] = [];
  let next = 0;
  for (const { from, to, spread } of windowsOf(ends, starts, windowMs)) {
    if (from < next || to - from < fewestAttempts || spread < leastSpreadMs) continue;
    const p = corrected(chance(ends, ends[from] ?? 0, to - from, windowMs, lifeMs), looked);
    if (p >= significance) continue;
    groups.push({ attempts: attempts.slice(from, to), startSpreadMs: spread, p });
    next = to;
  }
  return groups;
}

/**
 * Chance of as many ends in one window at the rate of the stretches around it and of the whole, whichever is
 * highest: in an outage many end. 1 when the nearest stretch has more ends than the window.
 */
function chance(
  ends: readonly number[],
  firstMs: number,
  count: number,
  windowMs: number,
  lifeMs: number,
): number {
  const besides = besideWidths.map((widths) => {
    const reachMs = widths * windowMs;
    const beside = countBetween(ends, firstMs - reachMs, firstMs + windowMs + reachMs) - count;
    return { beside, rate: (beside + 1) / (2 * widths) };
  });
  if ((besides[0]?.beside ?? 0) > count) return 1;
  const overall = ((ends.length - count) * windowMs) / lifeMs;
  return poissonAtLeast(count, Math.max(overall, ...besides.map((b) => b.rate)));
}

function patternOf(
  address: string,
  groups: readonly Group[],
  attempts: readonly FailedAttempt[],
): EndAlignment {
  const aligned = groups.flatMap((group) => group.attempts);
  const failure = onlyClass(aligned);
  const times = groups.length === 1 ? "one moment" : `${groups.length} moments`;
  const widest = Math.max(...groups.map((group) => group.startSpreadMs));
  return {
    kind: "end-alignment",
    text:
      `${aligned.length} of ${attempts.length} attempts at ${address} that were cut ended at ${times}, ` +
      `though they had begun up to ${(widest / 1000).toFixed(1)} s apart`,
    failures: aligned.length,
    of: attempts.length,
    p: Math.max(...groups.map((group) => group.p)),
    ...(failure === undefined ? {} : { class: failure }),
    address,
    groups: groups.map((group) => ({
      atMs: group.attempts[0]?.endMs ?? 0,
      attempts: group.attempts.length,
      startSpreadMs: group.startSpreadMs,
    })),
  };
}
