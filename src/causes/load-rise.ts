import { medianOf } from "../logs/patterns/moments.ts";
import type { TimeBins, Traffic } from "../logs/traffic.ts";
import { isOverload } from "./overload.ts";

/** How much more requests came in while requests failed than in the time before the first failure. */
export interface LoadRise {
  readonly ratio: number;
  /** "from 4 to 26 requests a second" */
  readonly text: string;
  /** More than chance gives requests that come independently of each other. */
  readonly isClear: boolean;
}

/** The widest that fits into the time before the failures often enough is taken. */
const stepsMs = [60_000, 10_000, 5_000, 2_000, 1_000] as const;
const fewestSteps = 3;
const sigmas = 3;

/**
 * Counts of equal stretches of time, those before the first failure against those with failures. The one
 * in the middle speaks for each: load rises some time before the first request fails, and a log begins and
 * ends at any moment. Undefined when the log has too little before the first failure.
 */
export function loadRise(traffic: Traffic): LoadRise | undefined {
  const overloaded = [...traffic.failures, ...traffic.masked].filter(isOverload);
  if (overloaded.length === 0) return undefined;
  const onsetMs = Math.min(...overloaded.map((r) => r.startMs));
  const endMs = Math.max(...overloaded.map((r) => r.endMs));
  const bins = traffic.bins ?? minutes(traffic);
  for (const stepMs of stepsMs.filter((step) => step % bins.widthMs === 0)) {
    const before = stretchesBefore(bins, stepMs, onsetMs, Math.max(bins.fromMs, traffic.fromMs)).filter(
      isUsed,
    );
    if (before.length < fewestSteps) continue;
    const during = stretchesWithin(bins, stepMs, [onsetMs, endMs], traffic.toMs).filter(isUsed);
    if (during.length > 0) return compared(before, during, stepMs);
  }
  return undefined;
}

interface Stretch {
  readonly requests: number;
  /** How much of its time the log has, 0 to 1. */
  readonly covered: number;
}

const isUsed = ({ requests }: Stretch): boolean => requests > 0;

/** Whole stretches that end where the bin of the first failure begins, in bins that the log has wholly. */
function stretchesBefore(bins: TimeBins, stepMs: number, onsetMs: number, logFromMs: number): Stretch[] {
  const perStep = stepMs / bins.widthMs;
  const first = Math.ceil((logFromMs - bins.fromMs) / bins.widthMs);
  const found: Stretch[] = [];
  for (let from = binOf(bins, onsetMs) - perStep; from >= first; from -= perStep)
    found.push({ requests: sumOf(bins, from, perStep), covered: 1 });
  return found;
}

/** Stretches from the bin of the first failure to that of the last; one that the log cuts off only when there is no other. */
function stretchesWithin(
  bins: TimeBins,
  stepMs: number,
  [onsetMs, endMs]: readonly [number, number],
  logToMs: number,
): Stretch[] {
  const perStep = stepMs / bins.widthMs;
  const afterLog = binOf(bins, logToMs) + 1;
  const found: Stretch[] = [];
  for (let from = binOf(bins, onsetMs); from <= binOf(bins, endMs); from += perStep)
    found.push({
      requests: sumOf(bins, from, perStep),
      covered: Math.min(1, (afterLog - from) / perStep),
    });
  const whole = found.filter(({ covered }) => covered === 1);
  return whole.length > 0 ? whole : found;
}

const binOf = ({ fromMs, widthMs }: TimeBins, ms: number): number => Math.floor((ms - fromMs) / widthMs);

const sumOf = ({ requests }: TimeBins, from: number, length: number): number =>
  requests.slice(from, from + length).reduce((n, count) => n + count, 0);

function compared(before: readonly Stretch[], during: readonly Stretch[], stepMs: number): LoadRise {
  const usual = medianOf(before.map(rateOf));
  const then = medianOf(during.map(rateOf));
  const [low, high] = [before, during].map((all) => {
    const time = all.reduce((n, s) => n + s.covered, 0);
    const count = all.reduce((n, s) => n + s.requests, 0);
    return { rate: count / time, variance: count / time ** 2 };
  }) as [Spread, Spread];
  const unit = stepMs >= 60_000 ? "minute" : "second";
  const inUnit = (count: number): number => {
    const value = unit === "minute" ? count : (count * 1000) / stepMs;
    return value < 10 ? Math.round(value * 10) / 10 : Math.round(value);
  };
  return {
    ratio: then / usual,
    text: `from ${inUnit(usual)} to ${inUnit(then)} requests a ${unit}`,
    isClear: high.rate - low.rate >= sigmas * Math.sqrt(low.variance + high.variance),
  };
}

interface Spread {
  readonly rate: number;
  readonly variance: number;
}

const rateOf = ({ requests, covered }: Stretch): number => requests / covered;

/** Where a log was too long to be counted finer, or was not. */
function minutes({ perMinute }: Traffic): TimeBins {
  const fromMs = perMinute[0]?.fromMs ?? 0;
  const placeOf = (ms: number): number => Math.round((ms - fromMs) / 60_000);
  const length = placeOf(perMinute.at(-1)?.fromMs ?? fromMs) + 1;
  const requests = Array.from({ length }, () => 0);
  const failed = Array.from({ length }, () => 0);
  for (const minute of perMinute) {
    requests[placeOf(minute.fromMs)] = minute.requests;
    failed[placeOf(minute.fromMs)] = minute.failed;
  }
  return { fromMs, widthMs: 60_000, requests, failed };
}
