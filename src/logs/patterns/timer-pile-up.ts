import { corrected } from "../../base/statistics/corrected.ts";
import { poissonAtLeast } from "../../base/statistics/poisson.ts";
import type { Traffic } from "../traffic.ts";
import { type FailingDurations, failingDurations, stepOf } from "./durations.ts";
import type { TimerPileUp } from "./pattern.ts";
import { earlyMs, lateMs, type RouteTimer, secondsText, timersAt } from "./timers-at.ts";

/** Timers of requests are longer than this; what fails faster was refused or closed. */
const shortestTimerMs = 500;
/** Fewer are no heap. */
const fewestHits = 5;
/** A failure that a timer makes is of a class that has hardly any other durations. */
const heapShare = 0.5;
const significance = 0.01;

/**
 * Values at which the durations of failures heap up, class by class: at most two of each, which hold half
 * of the durations long enough for a timer, and are denser than the stretches beside them by more than chance.
 */
export function timerPileUps(traffic: Traffic, own: readonly RouteTimer[] = []): readonly TimerPileUp[] {
  const formats = Object.keys(traffic.formats);
  return failingDurations(traffic).flatMap((durations) => {
    const heaps = heapsIn(durations.ms);
    return heaps.map((heap) => pileUp(durations, heap, formats, own));
  });
}

interface Heap {
  /** The least and the middle of its durations. */
  readonly lowMs: number;
  readonly middleMs: number;
  readonly count: number;
  readonly p: number;
}

/** At most two heaps that together hold enough of the long durations. */
function heapsIn(ms: readonly number[]): Heap[] {
  const long = ms.filter((value) => value >= shortestTimerMs);
  const first = densest(long);
  if (first === undefined) return [];
  const inFirst = holds(first.lowMs);
  const second = densest(long.filter((value) => !inFirst(value)));
  const heaps = [first, second].filter((heap) => heap !== undefined);
  const held = heaps.reduce((sum, heap) => sum + heap.count, 0);
  return held >= heapShare * long.length ? heaps.sort((a, b) => a.lowMs - b.lowMs) : [];
}

const holds =
  (lowMs: number) =>
  (value: number): boolean =>
    value >= lowMs && value <= lowMs + widthOf(lowMs);

/** From 2 ms before a timer to as late as it may fire. */
const widthOf = (lowMs: number): number => earlyMs + lateMs(lowMs);

/** The window that holds most, when it holds more than its neighbours explain. */
function densest(sorted: readonly number[]): Heap | undefined {
  let best = { from: 0, count: 0 };
  let to = 0;
  for (let from = 0; from < sorted.length; from++) {
    const inside = holds(sorted[from] ?? 0);
    while (to < sorted.length && inside(sorted[to] ?? 0)) to++;
    if (to - from > best.count) best = { from, count: to - from };
  }
  if (best.count < fewestHits) return undefined;
  const lowMs = sorted[best.from] ?? 0;
  const besideMs = Math.max(widthOf(lowMs), stepOf(sorted));
  const beside = sorted.filter(
    (value) =>
      (value >= lowMs - besideMs && value < lowMs) ||
      (value > lowMs + widthOf(lowMs) && value <= lowMs + widthOf(lowMs) + besideMs),
  ).length;
  // One more than was counted, so that empty neighbours do not make every heap certain.
  const p = corrected(poissonAtLeast(best.count, (beside + 1) / 2), sorted.length);
  const middleMs = sorted[best.from + Math.floor(best.count / 2)] ?? lowMs;
  return p < significance ? { lowMs, middleMs, count: best.count, p } : undefined;
}

function pileUp(
  durations: FailingDurations,
  heap: Heap,
  formats: readonly string[],
  own: readonly RouteTimer[],
): TimerPileUp {
  const { ends, ms, whole } = durations;
  const known = timersAt(heap.middleMs, ends, formats, whole, own);
  const atMs = known?.valueMs ?? roundBelow(heap);
  const timers = known?.names ?? [];
  const what = ends === "client-left" ? "requests that clients gave up" : `${ends} failures`;
  const which =
    timers.length > 0
      ? `the value of ${timers.join(", or ")}`
      : "no known timer has this value; search the configuration for it";
  return {
    kind: "timer-pile-up",
    text: `${heap.count} of ${ms.length} ${what} lasted ${secondsText(atMs)}: ${which}`,
    failures: heap.count,
    of: ms.length,
    p: heap.p,
    ...(ends === "client-left" ? { clientLeft: true } : { class: ends }),
    atMs,
    timers,
  };
}

/** The tenth of a second within the heap that a person would have written, else its least duration. */
function roundBelow(heap: Heap): number {
  const tenth = Math.floor((heap.lowMs + earlyMs) / 100) * 100;
  return heap.middleMs <= tenth + lateMs(tenth) ? tenth : heap.lowMs;
}
