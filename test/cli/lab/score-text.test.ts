import { describe, expect, it } from "vitest";
import { judge } from "../../../bench/scoring/judge.ts";
import { faultOf } from "../../../lab/faults/all.ts";
import { scoreExitCode } from "../../../src/cli/lab/score-exit-code.ts";
import { confusions, labScoreText, measures } from "../../../src/cli/lab/score-text.ts";
import type { ScoredRun } from "../../../src/cli/lab/scored-run.ts";
import { expectationOf } from "../../../src/cli/lab/truth.ts";
import { causedReport } from "./reports.ts";

const scored = (id: string, said: readonly string[], more: Partial<ScoredRun> = {}): ScoredRun => {
  const fault = faultOf(id)!;
  const expectation = expectationOf(fault, { target: "shop.example.com/cart" });
  return {
    asked: { fault, seed: 1, gateway: "nginx" },
    wasShown: true,
    judged: judge(expectation, causedReport(said)),
    attribution: { failed: 10, unanswered: 2, own: 8, right: 8, wrong: 1 },
    diagnosisMs: 500,
    tookMs: 30_000,
    ...more,
  };
};

const runs = [
  scored("app-emitted-5xx", ["app-emitted-5xx"], { toVerdictMs: 4000 }),
  scored("app-emitted-5xx", ["slow-dependency"]),
  scored("keepalive-idle-race", [], { toVerdictMs: 9000 }),
  scored("keepalive-idle-race", [], { wasShown: false }),
  scored("heavy-load-no-failure", ["hpa-lag"]),
  scored("heavy-load-no-failure", []),
];

describe("the score of live runs", () => {
  it("adds up requests and times", () => {
    expect(measures(runs)).toEqual({
      runs: 6,
      notShown: 1,
      failedRequests: 60,
      unansweredRequests: 12,
      rightlyAttributed: 48,
      wronglyAttributed: 6,
      medianToVerdictMs: 6500,
      maxToVerdictMs: 9000,
    });
  });

  it("lists what was taken for what, without what was right or never happened", () => {
    expect(confusions(runs)).toEqual([
      { pair: "app-emitted-5xx → slow-dependency", times: 1 },
      { pair: "keepalive-idle-race → nothing", times: 1 },
      { pair: "nothing → hpa-lag", times: 1 },
    ]);
  });

  it("is told with what was left out and what broke down", () => {
    const text = labScoreText(runs, ["why5xx lab run oom-killed --seed 2 --gateway nginx: it ended"]);
    expect(text).toContain("top-1                1 of 3  33.3 %");
    expect(text).toContain("false accusations    2\n");
    expect(text).toContain("failed requests      60 (12 without an answer), 48 rightly attributed (80.0 %)");
    expect(text).toContain("6, 1 without any failure (not scored), 1 broken down");
    expect(text).toContain("why5xx lab run oom-killed --seed 2 --gateway nginx: it ended");
  });
});

describe("the exit code of a score", () => {
  const right = scored("app-emitted-5xx", ["app-emitted-5xx"]);
  it.each([
    [0, "all are the truth", [right, scored("heavy-load-no-failure", [])], []],
    [1, "a cause was not named first", [right, scored("app-emitted-5xx", ["slow-dependency"])], []],
    [
      1,
      "another was accused beside the truth",
      [scored("app-emitted-5xx", ["app-emitted-5xx", "hpa-lag"])],
      [],
    ],
    [1, "nobody is to blame and somebody was accused", [scored("heavy-load-no-failure", ["hpa-lag"])], []],
    [2, "a run broke down", [right], ["why5xx lab run oom-killed: it ended"]],
    [2, "a fault did not show", [right, scored("keepalive-idle-race", [], { wasShown: false })], []],
    [2, "nothing was run", [], []],
  ])("%i: %s", (code, _, judged, broken) => {
    expect(scoreExitCode(judged, broken)).toBe(code);
  });
});
