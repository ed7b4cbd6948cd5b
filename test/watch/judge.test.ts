import { describe, expect, test } from "vitest";
import type { RolloutReport } from "../../src/report/watch-report.ts";
import { judgeWatch, type Seen } from "../../src/watch/judge.ts";

const seen = (more: Partial<Seen>): Seen => ({
  before: { requests: 1000, failed: 0 },
  during: { requests: 1000, failed: 0 },
  masked: 0,
  rollouts: [],
  stuckPods: [],
  readyEndpoints: 2,
  tolerated: { text: "0", most: 0, isShare: false },
  ...more,
});

const rollout = (state: RolloutReport["state"]): RolloutReport => ({
  object: { kind: "Deployment", namespace: "shop", name: "web" },
  state,
  note: "1 of 2 updated, 2 available",
});

const without = (key: "before" | "during" | "readyEndpoints"): Seen => {
  const { [key]: _, ...rest } = seen({});
  return rest;
};

describe("what was watched is judged", () => {
  test.each<[string, Seen, string, RegExp]>([
    [
      "nothing failed",
      seen({}),
      "fine",
      /^none of 1,000 requests failed: at most 0\.37% do, with 95% confidence$/,
    ],
    ["and it was rolled out", seen({ rollouts: [rollout("done")] }), "fine", /Deployment web rolled out$/],
    [
      "where some had failed before",
      seen({ before: { requests: 1000, failed: 90 } }),
      "fine",
      /; before it was 9%$/,
    ],
    ["retries hid some", seen({ masked: 4 }), "fine", /4 failed attempts were hidden by a retry/],
    [
      "the rate rose",
      seen({ during: { requests: 1000, failed: 12 } }),
      "failing",
      /^12 of 1,000 requests failed: the rate rose from none of 1,000 before to 1\.2%, which luck alone does once in [\d,]+ times$/,
    ],
    [
      "one failed, where none had",
      seen({ during: { requests: 1000, failed: 1 } }),
      "failing",
      /^1 of 1,000 requests failed, where none of 1,000 had before; by the counts alone that may be luck$/,
    ],
    [
      "one failed, and it is known why",
      seen({ during: { requests: 1000, failed: 1 }, headline: "Pods stop before the gateway knows" }),
      "failing",
      /^1 of 1,000 requests failed, where none of 1,000 had before$/,
    ],
    [
      "as many fail as before",
      seen({ before: { requests: 1000, failed: 31 }, during: { requests: 1000, failed: 30 } }),
      "failing",
      /, about as often as before \(31 of 1,000\): the counts do not show/,
    ],
    [
      "fewer fail than before",
      seen({ before: { requests: 1000, failed: 310 }, during: { requests: 1000, failed: 30 } }),
      "failing",
      /: fewer than before \(from 31% before to 3%\)/,
    ],
    [
      "few enough fail",
      seen({
        during: { requests: 1000, failed: 1 },
        tolerated: { text: "0.1%", most: 0.001, isShare: true },
      }),
      "fine",
      /^1 of 1,000 requests failed, no more than --max-5xx 0\.1% puts up with$/,
    ],
    [
      "before is not known",
      { ...without("before"), during: { requests: 9, failed: 1 } },
      "failing",
      /^1 of 9 requests failed$/,
    ],
    [
      "no endpoint is ready",
      seen({ during: { requests: 0, failed: 0 }, readyEndpoints: 0 }),
      "failing",
      /no endpoint is ready/,
    ],
    [
      "the rollout is stuck",
      seen({ rollouts: [rollout("stuck")] }),
      "failing",
      /the rollout of Deployment web does not go on/,
    ],
    [
      "new pods crash",
      seen({ stuckPods: ["web-1: CrashLoopBackOff", "web-2: CrashLoopBackOff"] }),
      "failing",
      /pods do not start: web-1: CrashLoopBackOff and 1 more/,
    ],
    [
      "no request came, and something is broken",
      seen({ during: { requests: 0, failed: 0 }, headline: "The selector matches nothing" }),
      "failing",
      /^The selector matches nothing$/,
    ],
    [
      "requests came through beside a finding",
      seen({ headline: "Two attempts were refused" }),
      "fine",
      /none of 1,000/,
    ],
    ["no request came", seen({ during: { requests: 0, failed: 0 } }), "cannot-tell", /no request came/],
    [
      "nobody could count",
      { ...without("during"), uncounted: "forbidden: jane cannot get pods/log" },
      "cannot-tell",
      /could not be counted: forbidden: jane/,
    ],
    [
      "the rollout goes on",
      seen({ rollouts: [rollout("under-way")] }),
      "cannot-tell",
      /none of 1,000 failed so far, but the rollout of Deployment web is not over/,
    ],
    [
      "endpoints are unknown",
      { ...without("readyEndpoints"), endpointsUnread: "forbidden: jane" },
      "cannot-tell",
      /^endpoints could not be watched: forbidden: jane$/,
    ],
    ["there are no slices, as of a name outside", without("readyEndpoints"), "fine", /^none of 1,000/],
  ])("%s", (_, given, verdict, why) => {
    const judged = judgeWatch(given);
    expect(judged.verdict).toBe(verdict);
    expect(judged.why).toMatch(why);
  });

  test("the chance is that of Fisher's exact test", () => {
    const { luckOfRise } = judgeWatch(
      seen({ before: { requests: 10, failed: 0 }, during: { requests: 10, failed: 5 } }),
    );
    // C(10,5) / C(20,5): all five failures among the ten that came later.
    expect(luckOfRise).toBeCloseTo(252 / 15_504, 10);
  });
});
