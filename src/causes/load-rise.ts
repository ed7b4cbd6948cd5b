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
    const before = stretches(bins, stepMs, onsetMs, Math.max(bins.fromMs, traffic.fromMs)).filter(isUsed);
    if (before.length < fewestSteps) continue;
    const during = stretches(bins, stepMs, onsetMs, endMs, traffic.toMs).filter(isUsed);
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

/** Stretches from one moment towards another, in whole bins; beyond `toMs` there is no log. */
function stretches(
  { fromMs, widthMs, requests }: TimeBins,
  stepMs: number,
  onsetMs: number,
  untilMs: number,
  toMs = Number.POSITIVE_INFINITY,
): Stretch[] {
  const perStep = stepMs / widthMs;
  const onset = Math.floor((onsetMs - fromMs) / widthMs);
  const sum = (from: number): number =>
    requests.slice(Math.max(0, from), Math.max(0, from + perStep)).reduce((n, count) => n + count, 0);
  const found: Stretch[] = [];
  if (untilMs < onsetMs) {
    const first = Math.ceil((untilMs - fromMs) / widthMs);
    for (let from = onset - perStep; from >= first; from -= perStep)
      found.push({ requests: sum(from), covered: 1 });
    return found;
  }
  for (let from = onset; fromMs + from * widthMs < untilMs; from += perStep) {
    const startMs = fromMs + from * widthMs;
    const covered = Math.min(1, (Math.ceil((toMs + 1 - startMs) / widthMs) * widthMs) / stepMs);
    found.push({ requests: sum(from), covered });
  }
  const whole = found.filter((stretch) => stretch.covered === 1);
  return whole.length > 0 ? whole : found;
}

function compared(before: readonly Stretch[], during: readonly Stretch[], stepMs: number): LoadRise {
  const usual = median(before.map(rateOf));
  const then = median(during.map(rateOf));
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

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
