import { describe, expect, test } from "vitest";
import { failedAttempts } from "../../../src/logs/patterns/failed-attempts.ts";
import { coarser, countsIn, loadOf, spanOf, trafficClock } from "../../../src/logs/patterns/load.ts";
import type { Traffic } from "../../../src/logs/traffic.ts";
import { few, startMs } from "./time-worlds.ts";

const { bins: _, ...base } = few(1).traffic;
const atMinutes = (...counts: readonly [minute: number, requests: number][]): Traffic => ({
  ...base,
  failures: [],
  perMinute: counts.map(([minute, requests]) => ({ fromMs: startMs + minute * 60_000, requests, failed: 0 })),
});

describe("load", () => {
  test("by the minute, those without a request included", () => {
    const load = loadOf(atMinutes([1, 4], [4, 2]), []);
    expect(load).toEqual({ fromMs: startMs + 60_000, widthMs: 60_000, requests: [4, 0, 0, 2] });
  });

  test("of months in wider bins, none lost", () => {
    const load = loadOf(atMinutes([0, 1], [100_000, 7]), []);
    expect(load?.requests.length).toBeLessThanOrEqual(4096);
    expect(load?.requests.reduce((sum, count) => sum + count, 0)).toBe(8);
  });

  test("nothing was asked", () => {
    expect(loadOf(atMinutes(), [])).toBeUndefined();
  });

  test("a request that hung is counted when it began, as its failure is", () => {
    const [failure] = few(1).traffic.failures;
    expect(failure).toBeDefined();
    if (failure === undefined) return;
    const times = { startMs: startMs + 30_000, endMs: startMs + 90_000, durationMs: 60_000 };
    const attempt = { ...times, address: "10.0.0.1:80", failure: "response-timeout" as const };
    const hung = { ...failure, ...times, failure: "response-timeout" as const, attempts: [attempt] };
    const traffic = { ...atMinutes([0, 5], [1, 3]), failures: [hung] };
    expect(loadOf(traffic, failedAttempts(traffic))?.requests).toEqual([6, 2]);
  });

  test("in wider bins a last one that is not full is left out", () => {
    const load = { fromMs: 0, widthMs: 10, requests: [1, 2, 3, 4, 5] };
    expect(coarser(load, 2)).toEqual({ fromMs: 0, widthMs: 20, requests: [3, 7] });
    expect(countsIn(load, [-1, 0, 9, 10, 49, 50])).toEqual([2, 1, 0, 0, 1]);
  });

  test("the traffic's clock stands still in the night and stays within the log", () => {
    const load = { fromMs: 0, widthMs: 10, requests: [10, 0, 30] };
    const clock = trafficClock(load, 5, 30);
    expect([-5, 0, 5, 7.5, 10, 20, 25, 30, 99].map(clock)).toEqual([0, 0, 0, 0.125, 0.25, 0.25, 0.625, 1, 1]);
    expect(spanOf({ ...load, requests: [0, 3, 0] }, { ...base, fromMs: 5, toMs: 30 })).toEqual({
      fromMs: 10,
      toMs: 20,
    });
  });
});
