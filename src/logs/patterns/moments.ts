import { type FailedAttempt, resolutionMs } from "./failed-attempts.ts";

const goldenPart = 0.6180339887498949;

/**
 * Moments of the failures in order, spread evenly over the step of the clock that stamped them: those of one
 * second must not look as if they had come at once.
 */
export function momentsOf(failed: readonly FailedAttempt[]): readonly number[] {
  const step = resolutionMs(failed);
  const moments = failed.map(({ momentMs }, i) =>
    step === 1 ? momentMs : momentMs + step * ((i * goldenPart) % 1),
  );
  return moments.sort((a, b) => a - b);
}

/** Moments in groups with a pause of more than `pauseMs` between them; each group as [from, to) of their order. */
export function groupsOf(moments: readonly number[], pauseMs: number): (readonly [number, number])[] {
  const groups: [number, number][] = [];
  let from = 0;
  for (let i = 1; i <= moments.length; i++) {
    if (i < moments.length && (moments[i] ?? 0) - (moments[i - 1] ?? 0) <= pauseMs) continue;
    groups.push([from, i]);
    from = i;
  }
  return moments.length === 0 ? [] : groups;
}

export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length % 2 === 1) return sorted[middle] ?? 0;
  return ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
