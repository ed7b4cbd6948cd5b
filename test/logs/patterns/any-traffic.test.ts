import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { patternsOf } from "../../../src/logs/patterns/patterns-of.ts";
import type { FailureClass, LoggedRequest } from "../../../src/logs/traffic.ts";
import { startMs } from "./simulate.ts";
import { trafficOf } from "./traffic-of.ts";

const classes: readonly FailureClass[] = [
  "no-endpoint",
  "connect-refused",
  "connect-timeout",
  "closed-before-header",
  "response-timeout",
  "app-status",
  "unclassified",
];

const address = fc.constantFrom(
  "10.0.0.1:80",
  "10.0.0.2:80",
  "[fd00::1]:80",
  "upstream",
  "-",
  "other",
  "__proto__",
);
const durationMs = fc.oneof(fc.constantFrom(0, 5000, 60_000), fc.nat(120_000));

const request = fc
  .record({
    atMs: fc.nat(600_000),
    durationMs,
    method: fc.constantFrom("GET", "POST", "", "constructor"),
    path: fc.oneof(fc.constantFrom("/", "/a/1", ""), fc.string()),
    client: fc.oneof(fc.constantFrom("192.0.2.1", ""), fc.string()),
    requestBytes: fc.option(fc.nat(100_000_000), { nil: undefined }),
    status: fc.constantFrom(200, 499, 502, 504),
    tries: fc.array(
      fc.record({
        address,
        failure: fc.option(fc.constantFrom(...classes), { nil: undefined }),
        durationMs: fc.option(durationMs, { nil: undefined }),
      }),
      { maxLength: 3 },
    ),
    failure: fc.option(fc.constantFrom(...classes), { nil: undefined }),
  })
  .map(({ atMs, tries, failure, requestBytes, ...rest }): LoggedRequest => {
    const endMs = startMs + atMs + rest.durationMs;
    return {
      ...rest,
      startMs: startMs + atMs,
      endMs,
      bodyBytes: 0,
      line: "",
      ...(requestBytes === undefined ? {} : { requestBytes }),
      ...(failure === undefined ? {} : { failure }),
      attempts: tries.map((one) => ({
        address: one.address,
        startMs: endMs - (one.durationMs ?? 0),
        endMs,
        ...(one.durationMs === undefined ? {} : { durationMs: one.durationMs }),
        ...(one.failure === undefined ? {} : { failure: one.failure }),
      })),
    };
  });

/** The same request again and again, as logs have it. */
const requestsOf = fc
  .array(
    fc.record({
      one: request,
      times: fc.integer({ min: 1, max: 40 }),
      stepMs: fc.constantFrom(0, 10, 1000, 15_000),
    }),
    { maxLength: 8 },
  )
  .map((all) =>
    all.flatMap(({ one, times, stepMs }) => Array.from({ length: times }, (_, i) => later(one, i * stepMs))),
  );

function later(one: LoggedRequest, ms: number): LoggedRequest {
  const attempts = one.attempts.map((a) => ({ ...a, startMs: a.startMs + ms, endMs: a.endMs + ms }));
  return { ...one, startMs: one.startMs + ms, endMs: one.endMs + ms, attempts, line: String(ms) };
}

/** Every number in a value, however deep. */
function numbersIn(value: unknown): number[] {
  if (typeof value === "number") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(numbersIn);
}

const kinds = (requests: readonly LoggedRequest[]): unknown[] =>
  patternsOf(trafficOf(requests, startMs, startMs + 800_000)).map(({ kind, failures, of, p }) => ({
    kind,
    failures,
    of,
    p,
  }));

describe("patterns of any traffic", () => {
  it("are finite, hold no more failures than were looked at, and chances are chances", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(requestsOf, fc.boolean(), (requests, cut) => {
        const whole = trafficOf(requests, startMs, startMs + 800_000);
        const found = patternsOf(cut ? { ...whole, cut: "a sample" } : whole);
        for (const pattern of found) {
          seen.add(pattern.kind);
          expect(numbersIn(pattern).filter((n) => !Number.isFinite(n))).toEqual([]);
          expect(pattern.failures).toBeLessThanOrEqual(pattern.of);
          expect(pattern.p ?? 0).toBeGreaterThanOrEqual(0);
          expect(pattern.p ?? 0).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 120, seed: 20_261_124 },
    );
    expect(seen.size).toBeGreaterThanOrEqual(8);
  });

  it("do not depend on the order in which equal requests are handed over", () => {
    fc.assert(
      fc.property(requestsOf, (requests) => {
        expect(kinds(requests.toReversed())).toEqual(kinds(requests));
      }),
      { numRuns: 40, seed: 20_261_124 },
    );
  });
});
