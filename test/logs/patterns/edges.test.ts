import { describe, expect, it } from "vitest";
import { concentrations } from "../../../src/logs/patterns/concentration.ts";
import { endAlignments } from "../../../src/logs/patterns/end-alignment.ts";
import { excessOf } from "../../../src/logs/patterns/excess.ts";
import { knownTimers } from "../../../src/logs/patterns/known-timers.ts";
import { patternsOf } from "../../../src/logs/patterns/patterns-of.ts";
import { sizeThresholds } from "../../../src/logs/patterns/size-threshold.ts";
import { limitNear } from "../../../src/logs/patterns/size-limits.ts";
import { timersAt } from "../../../src/logs/patterns/timers-at.ts";
import { timerPileUps } from "../../../src/logs/patterns/timer-pile-up.ts";
import type { FailureClass, LoggedRequest, Traffic } from "../../../src/logs/traffic.ts";
import { podKilled } from "./place-worlds.ts";
import { startMs, simulate } from "./simulate.ts";
import { trafficOf } from "./traffic-of.ts";

interface Failed {
  readonly endMs: number;
  readonly durationMs: number;
  readonly failure: FailureClass;
  readonly address?: string;
  /** The log has no times of attempts. */
  readonly whole?: boolean;
}

function failedRequest({
  endMs,
  durationMs,
  failure,
  address = "10.0.0.1:80",
  whole,
}: Failed): LoggedRequest {
  const end = startMs + endMs;
  const timed = whole === true ? {} : { durationMs };
  return {
    startMs: end - durationMs,
    endMs: end,
    durationMs,
    method: "GET",
    path: "/",
    status: 504,
    bodyBytes: 0,
    client: "192.0.2.1",
    attempts: [{ address, startMs: end - durationMs, endMs: end, ...timed, failure }],
    failure,
    origin: "gateway",
    line: "",
  };
}

const traffic = (failed: readonly Failed[], formats = ["ingress-nginx"]): Traffic => ({
  ...trafficOf(failed.map(failedRequest), startMs, startMs + 600_000),
  formats: Object.fromEntries(formats.map((name) => [name, failed.length])),
});

/** As a clock of whole seconds stamps it. */
function whole<T extends { endMs: number; startMs: number }>(one: T): T {
  const endMs = Math.floor(one.endMs / 1000) * 1000;
  return { ...one, endMs, startMs: endMs - (one.endMs - one.startMs) };
}

const timedOut = (durationMs: number, more: Partial<Failed> = {}): Failed[] =>
  Array.from({ length: 8 }, (_, i) => ({
    endMs: 60_000 + i * 7000,
    durationMs: durationMs + i,
    failure: "response-timeout",
    ...more,
  }));

describe("durations that heap up", () => {
  it("names three tries of a timer when only whole requests are timed", () => {
    const [heap] = timerPileUps(traffic(timedOut(180_000, { whole: true })));
    expect(heap).toMatchObject({ atMs: 180_000, failures: 8, of: 8, class: "response-timeout" });
    expect(heap?.timers).toEqual(["ingress-nginx proxy-read-timeout (default 60 s) × 3"]);
  });

  it("does not add up tries that are timed one by one", () => {
    const [heap] = timerPileUps(traffic(timedOut(180_000)));
    expect(heap).toMatchObject({ atMs: 180_000, timers: [] });
    expect(heap?.text).toContain("no known timer");
  });

  it("names timers of the proxy that wrote the log only", () => {
    const found = ["envoy-json", "ingress-nginx"].map(
      (format) => timerPileUps(traffic(timedOut(15_000), [format]))[0]?.timers,
    );
    expect(found).toEqual([["Envoy route timeout (default 15 s)"], []]);
  });

  it("four are no heap, and neither is what fails at once", () => {
    expect(timerPileUps(traffic(timedOut(60_000).slice(0, 4)))).toEqual([]);
    expect(timerPileUps(traffic(timedOut(1, { failure: "connect-refused" })))).toEqual([]);
  });

  it("takes no heap from a clock of whole seconds", () => {
    const durations = [0, 0, 0, 0, 1000, 1000, 1000, 1000, 1000, 2000, 2000, 2000, 3000];
    const failed = durations.map((durationMs, i): Failed => ({
      endMs: i * 9000,
      durationMs,
      failure: "closed-before-header",
    }));
    expect(timerPileUps(traffic(failed))).toEqual([]);
  });

  it("tells the clients' own timer from the gateway's", () => {
    const left = timedOut(30_000).map((one) => {
      const { failure: _f, origin: _o, ...request } = failedRequest(one);
      return { ...request, status: 499, attempts: [] };
    });
    const [heap] = timerPileUps(trafficOf(left, startMs, startMs + 600_000));
    expect(heap).toMatchObject({ clientLeft: true, atMs: 30_000 });
    expect(heap?.class).toBeUndefined();
  });

  it("a timer fires late and not early", () => {
    const found = [59_997, 59_998, 60_300, 60_301].map(
      (ms) => timersAt(ms, "response-timeout", ["ingress-nginx"], false)?.valueMs,
    );
    expect(found).toEqual([undefined, 60_000, 60_000, undefined]);
  });

  it("every known timer has a value and ends something", () => {
    expect(knownTimers.length).toBeGreaterThan(40);
    expect(knownTimers.filter((t) => !(t.valueMs > 0) || t.ends.length === 0)).toEqual([]);
    const keys = knownTimers.map((t) => `${t.name} ${t.valueMs} ${t.formats?.join() ?? ""}`);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe("places", () => {
  it("k failures on one of N equal pods have the chance N^(1-k)", () => {
    const members = Array.from({ length: 5 }, (_, i) => ({
      key: String(i),
      traffic: 100,
      failed: i === 0 ? 4 : 0,
      succeeded: 96,
    }));
    expect(excessOf(members)?.p).toBeCloseTo(5 ** -3, 10);
    const three = members.map((m) => ({ ...m, failed: m.failed === 0 ? 0 : 3 }));
    expect(excessOf(three)).toBeUndefined();
  });

  it("with two pods nothing is said of either", () => {
    const onOne = simulate({
      seed: 1,
      spanMs: 100_000,
      addresses: ["10.0.0.1:80", "10.0.0.2:80"],
      tries: 1,
      answer: (address) =>
        address === "10.0.0.1:80" ? { durationMs: 1, failure: "connect-refused" } : { durationMs: 9 },
    });
    expect(onOne.failures.length).toBeGreaterThan(500);
    expect(concentrations(onOne).filter((c) => c.on === "address")).toEqual([]);
  });

  it("without counts of clients, hosts and gateway pods nothing is said of them", () => {
    const failing = traffic(timedOut(5000));
    const { clients: _c, hosts: _h, gatewayPods: _g, requestBytes: _r, ...bare } = failing;
    const said = patternsOf(bare).flatMap((p) => (p.kind === "concentration" ? [p.on] : []));
    expect(said).toEqual([]);
  });
});

describe("ends", () => {
  it("are found in a log of whole seconds when requests took seconds", () => {
    const found = Array.from({ length: 20 }, (_, i) => {
      const exact = podKilled(i + 1);
      const failures = exact.failures.map((r) => ({ ...whole(r), attempts: r.attempts.map(whole) }));
      const masked = exact.masked.map((r) => ({ ...whole(r), attempts: r.attempts.map(whole) }));
      return endAlignments({ ...exact, failures, masked }).some((e) => e.address === "10.0.0.3:8080");
    });
    expect(found.filter(Boolean).length).toBeGreaterThanOrEqual(15);
  });

  it("of timeouts are the timer's, however many begin together", () => {
    const burst = Array.from({ length: 30 }, (_, i): Failed => ({
      endMs: 70_000 + (i % 3),
      durationMs: 60_000 - i * 100,
      failure: "response-timeout",
    }));
    expect(endAlignments(traffic(burst))).toEqual([]);
  });
});

describe("sizes", () => {
  it("a known limit is named when the least failing size is a little above it", () => {
    expect(limitNear(8300)).toContain("8 KiB");
    expect(limitNear(1_048_600)).toContain("proxy-body-size");
    expect(limitNear(5000)).toBeUndefined();
  });
});

const failing = (path: string, bytes: number, at: number): LoggedRequest => ({
  ...failedRequest({ endMs: at, durationMs: 5, failure: "bad-response" }),
  method: "POST",
  path,
  requestBytes: bytes,
});

const fine = (path: string, bytes: number, at: number): LoggedRequest => {
  const { failure: _f, origin: _o, ...request } = failing(path, bytes, at);
  return { ...request, status: 200, attempts: [] };
};

const times = Array.from({ length: 12 }, (_, i) => i);

const pathsSaid = (given: Traffic): unknown[] =>
  concentrations(given).flatMap((c) => (c.on === "path" ? [c.keys] : []));

describe("what fails beside its own kind", () => {
  it("a path that alone was asked while everything failed is not at fault", () => {
    const before = times.map((i) => fine("/other", 500, i * 1000));
    const amid = times.map((i) => failing("/orders", 500, 100_000 + i));
    const made = trafficOf([...before, ...amid], startMs, startMs + 600_000);
    const paths = made.paths.map((path) => ({ ...path, requestsAmidFailures: path.failed }));
    expect(pathsSaid(made)).toEqual([["/orders"]]);
    expect(pathsSaid({ ...made, paths })).toEqual([]);
  });

  it("a size is named when requests of the same path differ by it, and not when the path is what fails", () => {
    const small = times.map((i) => fine("/upload", 3000 + i * 100, i * 1000));
    const large = times.map((i) => failing("/upload", 9000 + i * 500, i * 1000 + 500));
    const mixed = trafficOf([...small, ...large], startMs, startMs + 600_000);
    expect(sizeThresholds(mixed)).toMatchObject([{ bytes: 9000, failures: 12, of: 12 }]);
    const elsewhere = small.map((request) => ({ ...request, path: "/ping" }));
    expect(sizeThresholds(trafficOf([...elsewhere, ...large], startMs, startMs + 600_000))).toEqual([]);
    const alike = times.map((i) => failing("/upload", 9000, i * 1000 + 500));
    expect(sizeThresholds(trafficOf([...small, ...alike], startMs, startMs + 600_000))).toEqual([]);
  });
});
