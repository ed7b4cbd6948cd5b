import type { AddressStats } from "../traffic.ts";
import type { FailedAttempt } from "./failed-attempts.ts";

/** Failures of one address that follow each other with hardly a success between. */
export interface Run {
  readonly attempts: readonly FailedAttempt[];
  /** Chance of such a run if failures fell anywhere among the address's attempts. */
  readonly p: number;
}

/** Pauses within an outage, in mean pauses between the attempts of the address: traffic is not even. */
const longestPause = 5;
const fewestFailures = 3;
/** At least this part of the attempts that the address usually gets in that time failed. */
const leastShare = 0.3;

/**
 * The longest run of failures in order of end. Successes are known by their number only, so a run counts when it
 * has about as many failures as the address gets attempts in that time; the address may get fewer while it fails.
 */
export function densestRun(failed: readonly FailedAttempt[], stats: AddressStats): Run | undefined {
  const meanGapMs = Math.max(1, (stats.lastSeenMs - stats.firstSeenMs) / Math.max(1, stats.attempts - 1));
  const runs: FailedAttempt[][] = [];
  for (const attempt of failed) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run === undefined || last === undefined || attempt.endMs - last.endMs > longestPause * meanGapMs)
      runs.push([attempt]);
    else run.push(attempt);
  }
  const best = runs.reduce((a, b) => (b.length > a.length ? b : a), runs[0] ?? []);
  const spanMs = (best.at(-1)?.endMs ?? 0) - (best[0]?.endMs ?? 0);
  if (best.length < fewestFailures || best.length < leastShare * (spanMs / meanGapMs)) return undefined;
  const others = Math.max(0, stats.failed - best.length);
  const share = others / Math.max(1, stats.attempts - best.length);
  const places = stats.attempts;
  return { attempts: best, p: Math.min(1, places * share ** (best.length - 1)) };
}
