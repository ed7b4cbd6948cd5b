import { describe, expect, test } from "vitest";
import { chanceOfFall, requestsToShowNone } from "../../src/base/statistics/fall.ts";
import { judgeRate, requestsWanted } from "../../src/fix/judge-rate.ts";

const after = (requests: number, failed = 0, astray = 0) => ({
  requests,
  failed,
  astray,
  unreached: {},
});

describe("how many requests it takes", () => {
  test.each([
    [{ requests: 1000, failed: 1000 }, 20],
    [{ requests: 1000, failed: 100 }, 45],
    [{ requests: 10_000, failed: 100 }, 458],
    [{ requests: 1_000_000, failed: 100 }, 47_129],
  ])("%j", (before, wanted) => {
    expect(Math.abs(requestsWanted(before) - wanted)).toBeLessThanOrEqual(wanted * 0.05);
  });

  test("is the least that is enough", () => {
    const before = { requests: 4000, failed: 12 };
    const least = requestsToShowNone(before, 0.01);
    expect(chanceOfFall(before, { requests: least, failed: 0 })).toBeLessThanOrEqual(0.01);
    expect(chanceOfFall(before, { requests: least - 1, failed: 0 })).toBeGreaterThan(0.01);
  });

  test("is never enough when nothing had failed", () => {
    expect(requestsToShowNone({ requests: 100, failed: 0 }, 0.01)).toBe(Infinity);
  });
});

describe("the judgement", () => {
  const seldom = { requests: 1_000_000, failed: 100 };

  test("one in ten thousand cannot be told in ten seconds, and how much it takes is said", () => {
    const judged = judgeRate(seldom, after(100));
    expect(judged.verdict).toBe("cannot-tell");
    expect(judged.why).toContain("100 of 1,000,000");
    expect(judged.neededRequests).toBe(requestsWanted(seldom) - 100);
  });

  test("none of enough is fixed, with the part that luck may have in it", () => {
    const judged = judgeRate({ requests: 412, failed: 400 }, after(20));
    expect(judged.verdict).toBe("fixed");
    expect(judged.luck).toBeLessThan(1e-9);
  });

  test("one failure is not fixed, however far the rate fell", () => {
    const judged = judgeRate({ requests: 100, failed: 100 }, after(500, 1));
    expect(judged).toMatchObject({ verdict: "not-fixed", why: "fewer than before, but 1 of 500 still fail" });
  });

  test("answers that did not reach the application prove nothing", () => {
    expect(judgeRate({ requests: 100, failed: 100 }, after(40, 0, 40)).verdict).toBe("cannot-tell");
  });

  test("without a rate before nothing is fixed, and something may be not fixed", () => {
    expect(judgeRate(undefined, after(10_000)).verdict).toBe("cannot-tell");
    expect(judgeRate(undefined, after(20, 20)).verdict).toBe("not-fixed");
  });

  test("says fixed of a fault that goes on in one of a hundred trials at most", () => {
    const before = { requests: 5000, failed: 250 };
    const wanted = requestsWanted(before);
    // The chance that none of so many fails although each still does with the chance it had.
    expect((1 - 0.05) ** wanted).toBeLessThanOrEqual(0.01);
  });
});
