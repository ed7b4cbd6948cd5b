import type { Random } from "../faults/random.ts";
import type { Traffic } from "./tried-request.ts";

/** Moments of requests, in milliseconds after the beginning, in order and without an end. */
export function* arrivalsOf(traffic: Traffic, random: Random): Generator<number, void, undefined> {
  const { gapsMs } = traffic;
  if (gapsMs !== undefined && gapsMs.length > 0) {
    let atMs = 0;
    for (let n = 0; ; n += 1) {
      yield atMs;
      atMs += Math.max(1, gapsMs[n % gapsMs.length]!);
    }
  }
  const isRandom = traffic.arrivals !== "constant";
  const steps = stepsOf(traffic);
  let atMs = 0;
  while (true) {
    const next = afterWork(steps, atMs, isRandom ? -Math.log(1 - random.next()) : 1);
    if (next === undefined) return;
    atMs = next;
    yield atMs;
  }
}

/** The rate from a moment on. */
interface Step {
  readonly fromMs: number;
  readonly perMs: number;
}

function stepsOf({ perSecond, shape = [] }: Traffic): readonly Step[] {
  const changes = shape.toSorted((a, b) => a.fromMs - b.fromMs);
  const first = changes[0]?.fromMs === 0 ? [] : [{ fromMs: 0, factor: 1 }];
  return [...first, ...changes].map(({ fromMs, factor }) => ({ fromMs, perMs: (perSecond * factor) / 1000 }));
}

/**
 * When the rate, summed up from a moment on, has come to `work`: exact for a rate that changes (inversion of the
 * cumulated intensity). Undefined when it never does.
 */
function afterWork(steps: readonly Step[], fromMs: number, work: number): number | undefined {
  let left = work;
  let atMs = fromMs;
  for (const [index, { perMs }] of steps.entries()) {
    const endMs = steps[index + 1]?.fromMs ?? Infinity;
    if (endMs <= atMs) continue;
    const needsMs = perMs > 0 ? left / perMs : Infinity;
    if (atMs + needsMs < endMs) return atMs + needsMs;
    if (endMs === Infinity) return undefined;
    left -= (endMs - atMs) * perMs;
    atMs = endMs;
  }
  return undefined;
}
