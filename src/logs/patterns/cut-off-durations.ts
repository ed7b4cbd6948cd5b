import { pathTemplate } from "../path-template.ts";
import type { PathStats, Traffic } from "../traffic.ts";
import { isHealthProbe } from "./failed-attempts.ts";
import { countWithin } from "./histograms.ts";
import type { CutOffDurations } from "./pattern.ts";
import { earlyMs, lateMs, type RouteTimer, secondsText } from "./timers-at.ts";
import { timerPileUps } from "./timer-pile-up.ts";

const fewestFailures = 5;
/** Successes come this near to the timer, else it does not cut them. */
const reach = 0.8;
/** A path whose usual answer is this much faster than the timer hangs when it times out: it is not merely slow. */
const leastMedian = 1 / 50;
/** Successes that took more than half of the timer, for one failure at it. */
const leastSlowSuccesses = 0.2;

/** Paths whose successes take up to the timer that their failures lie at: a longer timer would let those through. */
export function cutOffDurations(
  traffic: Traffic,
  own: readonly RouteTimer[] = [],
): readonly CutOffDurations[] {
  const timers = timerPileUps(traffic, own).filter((heap) => heap.class === "response-timeout");
  return timers.flatMap((timer) => {
    const failed = failuresAt(traffic, timer.atMs);
    return traffic.paths.flatMap((path) => cutOff(path, failed.get(path.template) ?? 0, timer.atMs));
  });
}

/** Requests by path whose last attempt, or all together, took as long as the timer. */
function failuresAt(traffic: Traffic, timerMs: number): Map<string, number> {
  const counts = new Map<string, number>();
  const isAt = (ms: number): boolean => ms >= timerMs - earlyMs && ms <= timerMs + lateMs(timerMs);
  for (const request of traffic.failures) {
    const ends = request.attempts.filter((a) => a.failure === "response-timeout");
    const isTimed = ends.some((a) => isAt(a.durationMs ?? request.durationMs));
    if (isHealthProbe(request) || !isTimed) continue;
    const template = pathTemplate(request.path);
    counts.set(template, (counts.get(template) ?? 0) + 1);
  }
  return counts;
}

function cutOff(path: PathStats, failed: number, timerMs: number): CutOffDurations[] {
  const { template, requests, maxSuccessMs, medianSuccessMs, successDurations } = path;
  if (failed < fewestFailures || maxSuccessMs === undefined || medianSuccessMs === undefined) return [];
  if (maxSuccessMs < reach * timerMs || medianSuccessMs < leastMedian * timerMs) return [];
  if (successDurations !== undefined) {
    const slow = countWithin(successDurations, timerMs / 2, timerMs + lateMs(timerMs));
    if (slow < leastSlowSuccesses * failed) return [];
  }
  return [
    {
      kind: "cut-off-durations",
      text:
        `${template}: ${failed} of ${requests} requests ended at ${secondsText(timerMs)}, ` +
        `and successes took up to ${secondsText(maxSuccessMs)} (half of them ${secondsText(medianSuccessMs)} or less)`,
      failures: failed,
      of: requests,
      class: "response-timeout",
      template,
      timerMs,
      maxSuccessMs,
      medianSuccessMs,
    },
  ];
}
