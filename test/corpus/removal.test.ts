import { expect, it } from "vitest";
import { judge } from "../../bench/scoring/judge.ts";
import { catalogue } from "../../src/causes/catalogue.ts";
import { loadedCases, verdictOf } from "./loaded.ts";

it("each cause is needed: without it a case that was right is wrong", () => {
  const right = new Map(
    loadedCases.map((c) => [c.frozen.id, judge(c.frozen, verdictOf(c.evidence, c.target)).top1]),
  );
  const idle = catalogue.filter((cause) => {
    const rest = catalogue.filter((c) => c !== cause);
    const own = loadedCases.filter(
      (c) => c.frozen.expect.causes.includes(cause.id) && right.get(c.frozen.id) === true,
    );
    return !own.some((c) => {
      const without = judge(c.frozen, verdictOf(c.evidence, c.target, rest));
      return !without.top1 || !without.statusRight || !without.shareRight;
    });
  });
  expect(idle.map((c) => c.id)).toEqual([]);
}, 60_000);
