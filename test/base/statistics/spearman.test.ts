import { describe, expect, test } from "vitest";
import { independentPairs, ranks, spearman } from "../../../src/base/statistics/spearman.ts";
import { studentTwoSided } from "../../../src/base/statistics/student.ts";
import { relativeError } from "./relative.ts";

describe("Student's t", () => {
  // Computed with 40 digits; freedom need not be whole.
  test.each([
    [2, 10, 0.0733880347707404],
    [12.706, 1, 0.0500008023581332],
    [1.5, 7.3, 0.175563092803086],
    [40, 360, 1.56907259572199e-134],
    [0.1, 3, 0.926652348800806],
  ])("beyond ±%d with %d degrees", (t, freedom, wanted) => {
    expect(relativeError(studentTwoSided(t, freedom), wanted)).toBeLessThan(1e-10);
  });
});

describe("rank correlation", () => {
  test("ties share their mean rank", () => {
    expect(ranks([10, 20, 20, 5])).toEqual([2, 3.5, 3.5, 1]);
  });

  test("of ten pairs without ties: 1 − 6·Σd² ÷ (n³ − n), and its p by Student's t", () => {
    const iq = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110];
    const hours = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17];
    const { rho, p } = spearman(iq, hours);
    expect(rho).toBeCloseTo(1 - (6 * 194) / 990, 12);
    expect(p).toBeCloseTo(0.627, 3);
  });

  test("few pairs: every order is counted", () => {
    expect(spearman([1, 2, 3, 4, 5], [2, 4, 6, 8, 10])).toEqual({ rho: 1, p: 2 / 120 });
    expect(spearman([1, 2, 3, 4], [4, 3, 2, 1])).toEqual({ rho: -1, p: 2 / 24 });
    // With two equal values, each of the 12 different orders counts twice.
    expect(spearman([1, 2, 3, 4], [1, 2, 2, 3]).p).toBeCloseTo(4 / 24, 12);
  });

  test("a side that never changes has no correlation", () => {
    expect(spearman([1, 2, 3], [5, 5, 5])).toEqual({ rho: 0, p: 1 });
    expect(spearman([1, 2], [2, 1])).toEqual({ rho: 0, p: 1 });
  });

  test("slow series are worth few pairs, alternating ones all", () => {
    const slow = Array.from({ length: 100 }, (_, i) => Math.sin(i / 20));
    const quick = Array.from({ length: 100 }, (_, i) => (i * 37) % 100);
    expect(independentPairs(slow, slow)).toBeLessThan(5);
    expect(independentPairs(quick, slow)).toBeGreaterThan(30);
  });
});
