import { describe, expect, test } from "vitest";
import { growth } from "../../../src/base/statistics/growth.ts";
import { seeded } from "../../support/seeded.ts";

const sizes = Array.from({ length: 40 }, (_, i) => 10 * 1.1 ** i);

describe("how counts grow with a size", () => {
  test.each([0, 1, 2.5])("finds the exponent %d of exact counts", (exponent) => {
    const found = growth(
      sizes.map((size) => 3 * size ** exponent),
      sizes,
    );
    expect(found?.exponent).toBeCloseTo(exponent, 9);
    expect(found?.scatter).toBeCloseTo(0, 9);
  });

  test("holds the true exponent in 95 of 100 cases, and refutes another", () => {
    const random = seeded(5);
    const poisson = (mean: number): number => {
      const limit = Math.exp(-mean);
      let count = 0;
      for (let product = random(); product > limit; product *= random()) count++;
      return count;
    };
    const found = Array.from({ length: 400 }, () =>
      growth(
        sizes.map(() => poisson(2)),
        sizes,
      ),
    );
    const held = found.filter((g) => g !== undefined && g.low <= 0 && g.high >= 0);
    expect(held.length / 400).toBeGreaterThan(0.92);
    expect(held.length / 400).toBeLessThan(0.99);
    expect(found.filter((g) => (g?.chanceAgainst(1) ?? 1) < 0.01).length).toBe(400);
    expect(found.filter((g) => (g?.chanceAgainst(0) ?? 1) < 0.01).length).toBeLessThan(16);
  });

  test("nothing to tell from", () => {
    expect(growth([1, 2, 3], [5, 5, 5])).toBeUndefined();
    expect(growth([0, 0, 0], [1, 2, 3])).toBeUndefined();
    expect(growth([1, 2], [1, 2])).toBeUndefined();
    expect(growth([1, 2, 3], [0, 0, 3])).toBeUndefined();
  });
});
