import { describe, expect, test } from "vitest";
import { bursts } from "../../../src/logs/patterns/bursts.ts";
import { loadRelation } from "../../../src/logs/patterns/load-relation.ts";
import { memoryless } from "../../../src/logs/patterns/memoryless.ts";
import { onset } from "../../../src/logs/patterns/onset.ts";
import { outageGaps } from "../../../src/logs/patterns/outage-gaps.ts";
import { patternsInTime } from "../../../src/logs/patterns/patterns-in-time.ts";
import { patternsOf } from "../../../src/logs/patterns/patterns-of.ts";
import { periodic } from "../../../src/logs/patterns/periodic.ts";
import type { Traffic } from "../../../src/logs/traffic.ts";
import * as worlds from "./time-worlds.ts";

const seeds = Array.from({ length: 20 }, (_, i) => i + 1);

/** The same without bins: minutes are all there is. */
function inMinutes(traffic: Traffic): Traffic {
  const { bins: _, ...rest } = traffic;
  return rest;
}

describe("onset", () => {
  test("lies within seconds of the deploy, with the shares of both sides", () => {
    for (const seed of seeds) {
      const { traffic, atMs = 0 } = worlds.deploy(seed);
      const [found] = onset(traffic);
      expect(Math.abs((found?.atMs ?? 0) - atMs)).toBeLessThan(10_000);
      expect(found?.shareAfter).toBeCloseTo(0.08, 1);
      expect(found?.shareBefore).toBeLessThan(0.005);
      expect(found?.endMs).toBeUndefined();
    }
  });

  test("names the change before it, and how likely one is so near", () => {
    const { traffic, atMs = 0 } = worlds.deploy(3);
    const changes = [
      { atMs: atMs - 5000, name: "rollout of Deployment shop/cart" },
      { atMs: atMs - 600_000, name: "reload" },
    ];
    const [found] = onset(traffic, undefined, changes);
    expect(found?.after?.name).toBe("rollout of Deployment shop/cart");
    expect(found?.after?.chance).toBeLessThan(0.02);
    expect(found?.text).toContain("rollout of Deployment shop/cart came");
    expect(onset(traffic, undefined, changes.slice(1))[0]?.after).toBeUndefined();
  });

  test("is found by the minute where there are no finer bins", () => {
    for (const seed of seeds) {
      const { traffic, atMs = 0 } = worlds.deploy(seed);
      expect(Math.abs((onset(inMinutes(traffic))[0]?.atMs ?? 0) - atMs)).toBeLessThan(60_000);
    }
  });

  test("says when an episode ended", () => {
    const { traffic } = worlds.flapping(4);
    const [found] = onset(traffic);
    expect((found?.endMs ?? 0) - (found?.atMs ?? 0)).toBeGreaterThan(8000);
    expect((found?.endMs ?? 0) - (found?.atMs ?? 0)).toBeLessThan(120_000);
  });
});

describe("bursts", () => {
  test("of a rollout begin with it and go through the pods", () => {
    const { traffic, atMs = 0 } = worlds.rollout(2);
    const changes = [{ atMs: atMs - 1000, name: "rollout" }];
    const [found] = bursts(traffic, undefined, changes);
    expect(Math.abs((found?.bursts[0]?.fromMs ?? 0) - atMs)).toBeLessThan(5000);
    expect(found?.bursts.every((burst) => burst.addresses.length === 1)).toBe(true);
    expect(found?.afterChanges?.bursts).toBeGreaterThan(0);
    expect(found?.afterChanges?.p).toBeLessThan(0.05);
    expect(found?.dispersion).toBeGreaterThan(2);
  });

  test("are none where the traffic itself came in them", () => {
    const { traffic } = worlds.rollout(2);
    const { bins } = traffic;
    expect(bins).toBeDefined();
    if (bins === undefined) return;
    expect(bursts({ ...traffic, bins: { ...bins, requests: bins.failed } })).toEqual([]);
  });

  test("count as many as a sampled log stands for", () => {
    const { traffic } = worlds.rollout(2);
    const count = traffic.failures.length;
    const sampled = { ...traffic, cut: "every tenth was kept", byClass: { "connect-refused": 10 * count } };
    expect(bursts(sampled)[0]?.of).toBe(10 * count);
    expect(bursts(traffic)[0]?.of).toBe(count);
  });
});

describe("periods", () => {
  test.each([
    ["every five minutes", worlds.cron, 300_000],
    ["a probe of ten seconds", worlds.flapping, 10_000],
  ] as const)("%s", (_, shape, periodMs) => {
    const found = seeds.map((seed) => periodic(shape(seed).traffic)[0]?.periodMs);
    expect(found.filter((period) => period === periodMs).length).toBeGreaterThanOrEqual(19);
  });

  test("a period of the route's own is tried too", () => {
    const { traffic } = worlds.flapping(1);
    const stretched = scaledInTime(traffic, 1.3);
    expect(periodic(stretched)).toEqual([]);
    expect(periodic(stretched, undefined, [13_000])[0]?.periodMs).toBe(13_000);
    // By the minute nobody can tell whether the traffic has that beat.
    expect(periodic(inMinutes(stretched), undefined, [13_000])).toEqual([]);
  });

  test("a beat of the traffic itself is none of its failures", () => {
    const { traffic } = worlds.cron(2);
    const bins = traffic.bins;
    expect(bins).toBeDefined();
    if (bins === undefined) return;
    const beating = { ...bins, requests: bins.failed.map((count) => count * 20) };
    expect(periodic({ ...traffic, bins: beating })).toEqual([]);
  });
});

function scaledInTime(traffic: Traffic, factor: number): Traffic {
  const at = (ms: number): number => worlds.startMs + (ms - worlds.startMs) * factor;
  const { bins, ...rest } = traffic;
  const failures = traffic.failures.map((f) => ({ ...f, startMs: at(f.startMs), endMs: at(f.endMs) }));
  return {
    ...rest,
    toMs: at(traffic.toMs),
    failures,
    ...(bins === undefined ? {} : { bins: { ...bins, widthMs: bins.widthMs * factor } }),
  };
}

describe("load", () => {
  test("a capacity has an exponent far above one, a race one about nought", () => {
    const [capacity] = loadRelation(worlds.saturation(1).traffic);
    expect(capacity?.reading).toBe("capacity");
    expect(capacity?.growth?.low).toBeGreaterThan(2);
    expect(capacity?.shareWithLoad).toBeGreaterThan(0.5);
    const [race] = loadRelation(worlds.raceOverDay(1).traffic);
    expect(race?.reading).toBe("count-flat");
    expect(race?.growth?.high).toBeLessThan(1);
  });

  test("failures that are asked again are no load of their own", () => {
    const { traffic } = worlds.saturation(1);
    const { bins } = traffic;
    expect(bins).toBeDefined();
    if (bins === undefined) return;
    const served = bins.failed.map((count) => (count > 0 ? 2 : 8));
    const requests = bins.failed.map((count, i) => count + (served[i] ?? 0));
    expect(loadRelation({ ...traffic, bins: { ...bins, requests } })).toEqual([]);
  });

  test("a capacity shows in minutes too", () => {
    const found = seeds.filter((seed) => loadRelation(inMinutes(worlds.saturation(seed).traffic)).length > 0);
    expect(found.length).toBeGreaterThanOrEqual(18);
  });
});

describe("memoryless", () => {
  test("prints the rate in a million with its interval", () => {
    const { traffic } = worlds.race(5);
    const [found] = memoryless(traffic);
    const count = traffic.failures.length;
    expect(found?.failures).toBe(count);
    expect(found?.perMillion).toBeCloseTo((1e6 * count) / traffic.requests, 0);
    expect(found?.perMillionLow).toBeLessThan(found?.perMillion ?? 0);
    expect(found?.text).toMatch(/^\d+ of [\d,]+ attempts failed, \d+ in a million \(\d+ to [\d,]+\), spread/);
  });

  test("is not told from a sample, nor from a share too large", () => {
    const { traffic } = worlds.race(5);
    expect(memoryless({ ...traffic, cut: "a sample" })).toEqual([]);
    expect(memoryless(worlds.constant(1).traffic)).toEqual([]);
  });
});

test("a crash loop's distances double", () => {
  const [found] = outageGaps(worlds.crashLoop(4).traffic);
  expect(found?.address).toBe("10.42.0.11:8080");
  expect(found?.gapsMs.length).toBeGreaterThanOrEqual(3);
  expect(found?.text).toMatch(/^10\.42\.0\.11:8080 was gone \d times at distances that double: /);
});

describe("all of them", () => {
  test("bear the class of the failures, and the whole and each class are told apart", () => {
    const { traffic } = worlds.rollout(2);
    expect(patternsInTime(traffic).map((p) => p.class)).toEqual(
      patternsInTime(traffic).map(() => "connect-refused"),
    );
    const mixed = { ...traffic, failures: traffic.failures.map((f, i) => (i % 2 === 0 ? reset(f) : f)) };
    const classes = patternsInTime(mixed)
      .filter((p) => p.kind === "bursts")
      .map((p) => p.class);
    expect(classes).toEqual([undefined, "closed-before-header", "connect-refused"]);
  });

  test("do not depend on the order in which requests come", () => {
    for (const shape of [worlds.rollout, worlds.flapping, worlds.deploy]) {
      const { traffic } = shape(6);
      const turned = { ...traffic, failures: traffic.failures.toReversed() };
      expect(patternsOf(turned)).toEqual(patternsOf(traffic));
    }
  });

  test("say nothing of an empty log, of probes, and of what the application answered", () => {
    const { traffic } = worlds.rollout(2);
    const { bins: _, ...rest } = traffic;
    const empty: Traffic = { ...rest, requests: 0, failures: [], perMinute: [], addresses: new Map() };
    expect(patternsOf(empty)).toEqual([]);
    const probes = traffic.failures.map((f) => ({ ...f, userAgent: "kube-probe/1.31" }));
    expect(patternsInTime({ ...traffic, failures: probes })).toEqual([]);
    const own = traffic.failures.map((f) => ({
      ...f,
      failure: "app-status" as const,
      attempts: f.attempts.map((a) => ({ ...a, failure: "app-status" as const })),
    }));
    expect(patternsInTime({ ...traffic, failures: own })).toEqual([]);
  });
});

const reset = (f: Traffic["failures"][number]): Traffic["failures"][number] => ({
  ...f,
  failure: "closed-before-header",
  attempts: f.attempts.map((a) => ({ ...a, failure: "closed-before-header" })),
});
