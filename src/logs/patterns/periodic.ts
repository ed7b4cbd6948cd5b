import { chanceText, grouped, spanText } from "../../base/counts.ts";
import { arcChance, circularMean, rayleigh, smallestArc } from "../../base/statistics/circular.ts";
import { corrected } from "../../base/statistics/corrected.ts";
import type { Traffic } from "../traffic.ts";
import { countOfAll, type FailedAttempt, failedAttempts, resolutionMs } from "./failed-attempts.ts";
import { type Load, loadOf } from "./load.ts";
import { groupsOf, momentsOf } from "./moments.ts";
import type { Periodic } from "./pattern.ts";

/** Periods of probes, pollers, resolvers, cron jobs, renewals and days, in seconds. */
const usualPeriods = [1, 2, 5, 10, 15, 20, 30, 60, 300, 600, 900, 3600, 86_400];
const leastFailures = 10;
const leastCycles = 5;
const significance = 0.001;
/** Failures closer than this part of a period are one event. */
const oneEvent = 0.25;
/** A clock's step this many times smaller than a period leaves phases that mean something. */
const stepsPerPeriod = 5;
/** Bins of traffic this many times narrower than a period tell whether the traffic has the beat itself. */
const binsPerPeriod = 3;
/** Beats whose phases gather nearly as much as the closest are divisors of one period. */
const asClose = 0.005;

interface Beat {
  readonly periodMs: number;
  readonly length: number;
  readonly failures: number;
  readonly p: number;
}

/**
 * A period at which failures come. Failures that come together count once, so that a burst of hundreds is one
 * event; the phases at which the events begin are tested by Rayleigh's test and by the arc that holds them all, corrected
 * for the periods tried. A beat that the traffic has itself is none of the failures, and periods at which that cannot be seen are not told.
 */
export function periodic(
  traffic: Traffic,
  failed: readonly FailedAttempt[] = failedAttempts(traffic),
  ownPeriodsMs: readonly number[] = [],
): readonly Periodic[] {
  if (failed.length < leastFailures) return [];
  const load = loadOf(traffic, failed);
  if (load === undefined) return [];
  const periods = [...new Set([...usualPeriods.map((s) => s * 1000), ...ownPeriodsMs])]
    .filter(
      (periodMs) =>
        periodMs >= stepsPerPeriod * resolutionMs(failed) &&
        periodMs >= binsPerPeriod * load.widthMs &&
        periodMs * leastCycles <= traffic.toMs - traffic.fromMs,
    )
    .sort((a, b) => a - b);
  const moments = momentsOf(failed);
  const beats = periods
    .map((periodMs) => beatOf(moments, periodMs, periods.length, load))
    .filter((beat) => beat !== undefined);
  // Every divisor of a true period fits too, at best as closely.
  const closest = Math.max(...beats.map((beat) => beat.length));
  const best = beats.findLast((beat) => beat.length > closest - asClose);
  if (best === undefined) return [];
  const of = countOfAll(traffic, failed);
  const failures = Math.round((best.failures * of) / failed.length);
  const { periodMs, p } = best;
  const text = `${grouped(failures)} of ${grouped(of)} failures begin at one point of a period of ${spanText(periodMs)} (${chanceText(p)})`;
  return [{ kind: "periodic", text, failures, of, p, periodMs }];
}

/** The beat at one period; undefined when chance or the traffic explains it. */
function beatOf(moments: readonly number[], periodMs: number, tried: number, load: Load): Beat | undefined {
  const events = groupsOf(moments, oneEvent * periodMs);
  const turns = events.map(([from]) => (moments[from] ?? 0) / periodMs);
  if (new Set(turns.map((turn) => Math.round(turn))).size < leastCycles) return undefined;
  const phases = turns.map((turn) => turn - Math.floor(turn));
  const mean = circularMean(phases);
  const byChance = Math.min(rayleigh(phases), arcChance(phases.length, smallestArc(phases)));
  const p = corrected(byChance, 2 * tried);
  if (p >= significance || mean.length <= 2 * beatOfTraffic(load, periodMs, moments)) return undefined;
  const near = (phase: number): boolean => {
    const away = Math.abs(phase - mean.phase);
    return Math.min(away, 1 - away) <= oneEvent;
  };
  const failures = events.reduce((sum, [from, to], i) => sum + (near(phases[i] ?? 0) ? to - from : 0), 0);
  return { periodMs, length: mean.length, failures, p };
}

/** How far the requests of the same time gather at one phase themselves, 0 to 1, what their bins blur made up for. */
function beatOfTraffic(load: Load, periodMs: number, moments: readonly number[]): number {
  const firstMs = (moments[0] ?? 0) - load.widthMs;
  const lastMs = moments.at(-1) ?? 0;
  let cos = 0;
  let sin = 0;
  let total = 0;
  load.requests.forEach((count, i) => {
    const startMs = load.fromMs + i * load.widthMs;
    if (startMs < firstMs || startMs > lastMs) return;
    const turn = 2 * Math.PI * ((startMs + 0.5 * load.widthMs) / periodMs);
    cos += count * Math.cos(turn);
    sin += count * Math.sin(turn);
    total += count;
  });
  const half = (Math.PI * load.widthMs) / periodMs;
  return total === 0 ? 0 : Math.hypot(cos, sin) / total / (Math.sin(half) / half);
}
