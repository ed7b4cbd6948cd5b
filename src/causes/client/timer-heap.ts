import type { LoggedRequest } from "../../logs/traffic.ts";

/** Below this a heap of durations is quick clients, not a timer. */
const leastTimerMs = 1000;
/** Timers fire a little late: by this part of their value, and at least this long. */
const lateShare = 0.01;
const lateMs = 60;

export interface TimerHeap {
  /** The least duration in the heap, ms. */
  readonly atMs: number;
  readonly requests: readonly LoggedRequest[];
}

/** At least half of the requests ended after one and the same time: their sender's timer. */
export function timerHeap(requests: readonly LoggedRequest[]): TimerHeap | undefined {
  const sorted = requests.toSorted((a, b) => a.durationMs - b.durationMs);
  let best: { from: number; to: number } | undefined;
  for (let from = 0, to = 0; from < sorted.length; from++) {
    const atMs = sorted[from]!.durationMs;
    if (atMs < leastTimerMs) continue;
    const untilMs = atMs + Math.max(lateMs, atMs * lateShare);
    to = Math.max(to, from);
    while (to < sorted.length && sorted[to]!.durationMs <= untilMs) to++;
    if (best === undefined || to - from > best.to - best.from) best = { from, to };
  }
  if (best === undefined || (best.to - best.from) * 2 < sorted.length) return undefined;
  const heap = sorted.slice(best.from, best.to);
  return { atMs: heap[0]!.durationMs, requests: heap.toSorted((a, b) => a.endMs - b.endMs) };
}
