import { describe, expect, test } from "vitest";
import { renderLoad } from "../../src/render/load-terminal.ts";
import { renderLoadMarkdown } from "../../src/render/load-markdown.ts";
import type { LoadReport } from "../../src/report/load-report.ts";

type Cluster = NonNullable<LoadReport["cluster"]>;
const pod = { kind: "Pod", namespace: "shop", name: "web-1" };
const state: Cluster["attribution"]["states"][number] = {
  state: "terminating",
  pod,
  requests: 12,
  basis: "log",
  afterDeletionMs: { least: 200, most: 3100 },
  example: { id: "abc", at: "2026-11-24T10:00:00Z", text: "connect-refused \u001b[31m<b>", source: "log" },
};
const drain: NonNullable<Cluster["drain"]> = {
  deletions: 3,
  gaps: [{ pod, deletedAt: "2026-11-24T10:00:00Z", gapMs: 3100 }],
  preStopSeconds: 6,
  hookSeconds: 0,
  resolutionMs: 1,
};

const reportWith = (cluster: Partial<Cluster>): LoadReport => ({
  schema: "why5xx.load/v1",
  tool: { version: "0" },
  request: { method: "GET", url: "http://shop.test/a", headers: [], perSecond: 20 },
  startedAt: "2026-11-24T10:00:00Z",
  seconds: 60,
  isCutShort: false,
  counts: { requests: 1200, failed: 12, low: 0.005, high: 0.017 },
  statuses: { 200: 1188, 502: 12 },
  errors: [],
  pace: { sentPerSecond: 20, lateP99Ms: 1, lateMaxMs: 2, mostUnderWay: 3, heldBack: 0, brokenOff: 0 },
  rests: [],
  series: { seconds: 1, requests: [1200], failed: [12] },
  thresholds: [],
  verdict: "broken",
  why: "12 of 1,200 requests failed",
  failures: [],
  cluster: {
    context: "kind",
    target: "shop.test/a",
    attribution: { of: 12, explained: 12, joined: { id: 12, port: 0, time: 0, not: 0 }, states: [state] },
    causes: [],
    podsCreated: 3,
    podsDeleted: 3,
    losses: [],
    ...cluster,
  },
});

const style = { width: 200, hasColor: false, hasUnicode: true };
const told = (cluster: Partial<Cluster>): string => renderLoad(reportWith(cluster), style);

describe("what a load's report tells of pods that went", () => {
  test("how long after its deletion each was still sent to, and the pause that outlasts it", () => {
    const text = told({ drain });
    expect(text).toContain("12: sent to a pod up to 3.1 s after its deletion (Pod shop/web-1)");
    expect(text).toContain("the gateway still sent to deleted pods for up to 3.1 s (1 deletion measured)");
    expect(text).toContain("a preStop hook of 6 s outlasts that with a margin; the pods have none");
  });

  test.each([
    [5, "the pods have one of 5 s, which is too short"],
    [6, "the pods have one of 6 s, which is enough"],
  ])("with a hook of %i s", (hookSeconds, words) => {
    expect(told({ drain: { ...drain, hookSeconds } })).toContain(words);
  });

  test("that it is not known, where no log names their addresses; and nothing when none went", () => {
    expect(told({})).toContain("for how long the gateway still sent to 3 deleted pods is not known");
    expect(told({ podsDeleted: 0 })).not.toContain("After a pod is deleted");
  });

  test("by time alone, in words that claim no more", () => {
    const states = [{ ...state, basis: "time" as const }];
    const { attribution } = reportWith({}).cluster!;
    expect(told({ attribution: { ...attribution, states } })).toContain(
      "12, by their time alone: up to 3.1 s after the deletion of a pod (Pod shop/web-1)",
    );
  });

  test("with nothing in it that acts on a terminal or a page", () => {
    // oxlint-disable-next-line no-control-regex
    expect(told({ drain })).not.toMatch(/\u001b/);
    expect(renderLoadMarkdown(reportWith({ drain }))).not.toContain("<b>");
  });
});
