import { describe, expect, test } from "vitest";
import { evidenceOf as bundleOf, frozenCases } from "../../corpus/frozen-cases.ts";
import type { Evidence } from "../../src/evidence/evidence.ts";
import { jsonText } from "../../src/render/json.ts";
import { incidentReportJsonSchema } from "../../src/report/incident-schema.ts";
import type { VerifyReport } from "../../src/report/verify-report.ts";
import { incidentOf, recorded } from "../support/incident-of.ts";
import type { MetricSeries } from "../../src/evidence/metrics.ts";
import { noonMs, shop } from "../gather-prometheus/shop.ts";
import { Ajv2020 } from "ajv/dist/2020.js";

const isValid = new Ajv2020({ strict: true, allErrors: true }).compile(incidentReportJsonSchema);
const errorsOf = (value: unknown): string[] =>
  isValid(JSON.parse(JSON.stringify(value)))
    ? []
    : (isValid.errors ?? []).map((e) => `${e.instancePath} ${e.message}`);

const verified: VerifyReport = {
  schema: "why5xx.verify/v1",
  tool: { version: "0.1.0" },
  target: "store.example.com/orders",
  request: { method: "GET", url: "http://store.example.com/orders", perSecond: 20 },
  startedAt: "2026-11-24T15:10:00.000Z",
  before: { requests: 733, failed: 58, low: 0.06, high: 0.1, source: "gateway log, 15:01:53 to 15:02:27" },
  after: { requests: 400, failed: 0, low: 0, high: 0.01, seconds: 20, answers: { "200": 400 } },
  verdict: "fixed",
  why: "None of 400 requests failed.",
  luck: 1e-12,
};

/** Ten looks of thirty seconds with failures in each. */
const failingAmid = (i: number): number => (i >= 30 && i < 40 ? 2.4 : 0);

describe("an incident's record", () => {
  test("says what clients saw and why in two sentences", async () => {
    const { targets, title } = incidentOf(await recorded("lab-shutdown-no-prestop-race"));
    expect(title).toBe("502 at store.example.com/orders");
    expect(targets[0]?.summary).toEqual([
      "On 24 November 2026 from 15:02:09 to 15:02:12 UTC (3 s), 58 of 733 requests to store.example.com/orders failed (7.9 %): 58 got a 502, sent by the gateway.",
      "The cause: pods stop before the gateway knows that they are going (Deployment store/orders); this is 99 % certain, and it explains all 58 failures.",
    ]);
  });

  test("counts clients, writes, paths and the worst moment from the log", async () => {
    const [target] = incidentOf(await recorded("lab-shutdown-no-prestop-race")).targets;
    expect(target?.impact).toMatchObject({
      clients: { failed: 8, of: 8, isExact: true },
      writes: { failed: 13, of: 186 },
      paths: [
        { path: "/orders", failed: 45, of: 547 },
        { path: "/orders/items", failed: 13, of: 186 },
      ],
      worst: { seconds: 1, failed: 23, of: 31 },
    });
  });

  test("follow-ups are of the same route only", async () => {
    const [target] = incidentOf(await recorded("lab-shutdown-no-prestop-race")).targets;
    expect(target?.followUps?.map((f) => f.rule)).toContain("prestop-hook-missing");
    expect(new Set(target?.followUps?.map((f) => f.object.name))).toEqual(new Set(["orders"]));
  });

  test("a verification belongs to its target, and is told where others are called", async () => {
    const { targets, escalation } = incidentOf(await recorded("lab-shutdown-no-prestop-race"), { verified });
    expect(targets[0]?.verification).toEqual({
      command: "why5xx verify store.example.com/orders",
      result: verified,
    });
    expect(escalation?.message).toContain("Verified: fixed. None of 400 requests failed.");
    const other = incidentOf(await recorded("lab-oom-killed"), { verified });
    expect(other.targets[0]?.verification?.result).toBeUndefined();
  });

  test("without a log nothing is counted, and nothing is said to be zero", async () => {
    const evidence = await recorded("lab-oom-killed");
    const [target] = incidentOf({ ...evidence, logs: [] }, { target: "shop.example.org/cart" }).targets;
    expect(target?.impact).toEqual({
      counted: false,
      requests: 0,
      failed: 0,
      masked: 0,
      paths: [],
      otherPaths: 0,
    });
    expect(target?.summary[0]).toBe(
      "How many requests to shop.example.org/cart failed is not known, as no gateway log was read.",
    );
  });

  test("without a log the gateway's metrics count, in whole requests, and say so", () => {
    const stepMs = 30_000;
    const labels = { namespace: "shop", ingress: "cart", service: "cart", host: "shop.example.com" };
    const growing = (status: string, by: (i: number) => number): MetricSeries => {
      let value = 0;
      return {
        labels: { ...labels, status },
        points: Array.from({ length: 61 }, (_, i) => [noonMs - (60 - i) * stepMs, (value += by(i))] as const),
      };
    };
    const evidence = shop({ collectedAt: new Date(noonMs).toISOString() });
    const series = [growing("200", () => 30), growing("503", failingAmid)];
    const [target] = incidentOf(
      {
        ...evidence,
        metrics: {
          server: "http://127.0.0.1:9090",
          from: new Date(noonMs - 60 * stepMs).toISOString(),
          to: evidence.collectedAt,
          stepSeconds: stepMs / 1000,
          queries: [{ name: "requests", expression: "increase(…)", series }],
        },
      },
      { target: "shop.example.com/cart" },
    ).targets;
    expect(target?.impact).toMatchObject({ counted: true, failed: 24, requests: 1824 });
    expect(target?.summary[0]).toContain("24 got a 503, by the gateway's metrics.");
    const bins = target?.timeline.bins;
    expect(bins?.seconds).toBeGreaterThanOrEqual(30);
    expect(bins?.series.map((one) => one.key)).toEqual(["5xx by metrics"]);
    const counts = bins?.series[0]?.counts ?? [];
    expect(counts.every(Number.isInteger)).toBe(true);
    expect(Math.abs(counts.reduce((a, b) => a + b, 0) - 24)).toBeLessThanOrEqual(5);
  });

  test("the same evidence in another order gives the same bytes", async () => {
    const evidence = await recorded("lab-rollout-bad-revision");
    const objects = Object.fromEntries(
      Object.entries(evidence.objects).map(([kind, list]) => [kind, (list as object[]).toReversed()]),
    );
    const turned = { ...evidence, objects, logs: evidence.logs.toReversed() } as Evidence;
    expect(jsonText(incidentOf(turned))).toBe(jsonText(incidentOf(evidence)));
  });
});

test("records of recorded cases are as their schema says; failures of the picture are those that were counted", async () => {
  const cases = frozenCases().filter((c, i) => i % 7 === 0 || c.id.startsWith("lab-rollout"));
  expect(cases.length).toBeGreaterThan(40);
  for (const frozen of cases) {
    // oxlint-disable-next-line no-await-in-loop -- in order
    const report = incidentOf(await bundleOf(frozen));
    expect([frozen.id, ...errorsOf(report)]).toEqual([frozen.id]);
    for (const { timeline, impact } of report.targets) {
      const seen = (timeline.bins?.series ?? []).filter((s) => s.key !== "hidden by a retry");
      const drawn = seen.flatMap((s) => s.counts).reduce((a, b) => a + b, 0);
      expect([frozen.id, drawn]).toEqual([frozen.id, impact.failed]);
      for (const lane of timeline.lanes) {
        const edges = lane.spans.flatMap((s) => [s.from, s.to]);
        expect([frozen.id, ...edges]).toEqual([frozen.id, ...edges.toSorted()]);
        expect([timeline.from, ...edges, timeline.to].toSorted()).toEqual([
          timeline.from,
          ...edges,
          timeline.to,
        ]);
      }
    }
  }
});

test("what is not in the schema is refused", async () => {
  const report = incidentOf(await recorded("lab-oom-killed"));
  expect(errorsOf({ ...report, more: 1 })).not.toEqual([]);
  expect(errorsOf({ ...report, kind: "postmortem" })).not.toEqual([]);
  const { read: _read, ...rest } = report;
  expect(errorsOf(rest)).not.toEqual([]);
});
