import { describe, expect, it } from "vitest";
import { attributedIn } from "../../bench/scoring/attributed.ts";
import { judge } from "../../bench/scoring/judge.ts";
import { attributedLine, scoreText } from "../../bench/scoring/print.ts";
import { baselineOf, summarise } from "../../bench/scoring/summary.ts";
import type { Expectation, FrozenExpectation } from "../../corpus/author/case.ts";
import type { FindingReport, TargetReport } from "../../src/report/report.ts";

const found = (cause: string, confidence: number, more: Partial<FindingReport> = {}): FindingReport => ({
  cause,
  title: cause,
  state: "supported",
  confidence,
  hop: "pod",
  because: [],
  clues: [],
  fixes: [],
  ...more,
});

const said = (
  findings: readonly FindingReport[],
  status: TargetReport["status"] = "explained",
): { targets: TargetReport[] } => ({
  targets: [
    {
      target: "shop.example.com/",
      status,
      headline: "",
      route: [],
      symptom: {
        counted: true,
        requests: 9,
        failed: 9,
        masked: 0,
        codes: {},
        classes: {},
        pattern: "constant",
      },
      findings,
      unknown: [],
      next: [],
      alsoAffects: [],
    },
  ],
});

const expected = (expect: Expectation): FrozenExpectation => ({
  schema: "why5xx.case/v1",
  id: "a-case",
  title: "a case for the judge",
  target: "shop.example.com/",
  expect,
});

const oom = expected({
  status: "explained",
  causes: ["oom-killed"],
  acceptable: ["no-endpoints-pods-not-ready"],
  share: 0.9,
});
const innocent = expected({ status: "healthy", causes: [] });
const whole = { share: { explained: 9, of: 9 } };

describe("judging a case", () => {
  it("is content with the true cause first and its outer link beside it", () => {
    const j = judge(oom, said([found("oom-killed", 0.9, whole), found("no-endpoints-pods-not-ready", 0.8)]));
    expect(j).toMatchObject({
      top1: true,
      top3: true,
      falselyAccused: [],
      abstained: false,
      statusRight: true,
      shareRight: true,
    });
  });

  it("counts an accusation of somebody else from 0.5 on", () => {
    expect(judge(oom, said([found("oom-killed", 0.9, whole), found("hpa-lag", 0.5)])).falselyAccused).toEqual(
      ["hpa-lag 0.50"],
    );
    expect(
      judge(oom, said([found("oom-killed", 0.9, whole), found("hpa-lag", 0.49)])).falselyAccused,
    ).toEqual([]);
  });

  it("counts any accusation where there is nothing to accuse", () => {
    const j = judge(innocent, said([found("hpa-lag", 0.2)]));
    expect(j).toMatchObject({ top1: false, falselyAccused: ["hpa-lag 0.20"], statusRight: false });
    expect(judge(innocent, said([], "healthy"))).toMatchObject({ top1: true, statusRight: true });
  });

  it("tells an abstention from a wrong answer", () => {
    expect(judge(oom, said([], "unexplained"))).toMatchObject({
      top1: false,
      abstained: true,
      falselyAccused: [],
    });
    expect(judge(oom, said([found("hpa-lag", 0.8)]))).toMatchObject({ top1: false, abstained: false });
  });

  it("misses a share that is too small, and a cause in second place", () => {
    const part = { share: { explained: 4, of: 9 } };
    expect(judge(oom, said([found("oom-killed", 0.9, part)])).shareRight).toBe(false);
    const second = judge(oom, said([found("hpa-lag", 0.95, whole), found("oom-killed", 0.9, whole)]));
    expect(second).toMatchObject({ top1: false, top3: true });
  });

  it("finds a report without targets wrong in every way", () => {
    expect(judge(innocent, { targets: [] })).toMatchObject({ top1: false, statusRight: false });
    expect(judge(oom, { targets: [] })).toMatchObject({ top1: false, abstained: true });
  });
});

describe("adding up", () => {
  const judged = [
    judge(oom, said([found("oom-killed", 0.9, whole)])),
    judge(oom, said([found("hpa-lag", 0.6)])),
    judge(innocent, said([], "healthy")),
  ];
  const summary = summarise(judged);

  it("counts rates over the cases that have a cause", () => {
    expect(summary).toMatchObject({
      cases: 3,
      withCause: 2,
      top1: 1,
      falseAccusations: 1,
      abstentions: 0,
      statusRight: 3,
      shareShort: 1,
    });
    expect(baselineOf(summary, attributedIn([]))).toMatchObject({
      top1Rate: 0.5,
      statusRate: 1,
      attributedRate: 1,
    });
  });

  it("measures confidence against truth, a missed cause as confidence 0", () => {
    // 0.9 true, 0.6 false, oom-killed missed: (0.01 + 0.36 + 1) / 3
    expect(summary.brier).toBeCloseTo(0.4567, 4);
    expect(summary.reliability[9]).toEqual({ from: 0.9, forecasts: 1, meanConfidence: 0.9, right: 1 });
    expect(summary.reliability[6]).toEqual({ from: 0.6, forecasts: 1, meanConfidence: 0.6, right: 0 });
  });

  it("counts the single requests of recorded runs together", () => {
    const a = attributedIn([
      { failed: 30, unanswered: 0, own: 30, right: 29, wrong: 0 },
      { failed: 10, unanswered: 2, own: 8, right: 6, wrong: 3 },
    ]);
    expect(baselineOf(summary, a).attributedRate).toBe(0.875);
    expect(attributedLine(a)).toBe(
      "2 runs recorded in the lab: 35 of 40 failed requests rightly attributed  87.5 %, 3 to a cause that is not true of them",
    );
  });

  it("prints what was said instead", () => {
    const text = scoreText(summary, judged, { medianMs: 4, maxMs: 9, slowest: "a-case" });
    expect(text).toContain("top-1                1 of 2  50.0 %");
    expect(text).toContain("falsely accused  hpa-lag 0.60");
    expect(text).toContain("expected  explained: oom-killed");
  });
});
