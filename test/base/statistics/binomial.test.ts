import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  binomialAtLeast,
  binomialAtMost,
  proportionInterval,
} from "../../../src/base/statistics/binomial.ts";
import { choose, relativeError } from "./relative.ts";

describe("the chance of at least k of n", () => {
  // Computed with 40 digits from the sum of terms.
  test.each([
    [3, 10, 0.1, 0.0701908264],
    [60, 100, 0.5, 0.0284439668204904],
    [5200, 10_000, 0.5, 3.29675779933622e-5],
    [120, 1_000_000, 0.00005, 3.67316146903645e-17],
    [5_003_162, 10_000_000, 0.5, 0.0227766969848419],
    [4_990_000, 10_000_000, 0.5, 0.99999999987328],
    [1200, 10_000_000, 0.0001, 4.67466935114933e-10],
    [700, 1000, 0.3, 2.17191627639883e-149],
  ])("%i of %i at %d", (k, n, p, wanted) => {
    expect(relativeError(binomialAtLeast(k, n, p), wanted)).toBeLessThan(1e-9);
  });

  test("equals the counted sum for small n", () => {
    for (const n of [1, 2, 5, 9, 17, 30]) {
      for (const [numerator, denominator] of [
        [1n, 2n],
        [1n, 10n],
        [2n, 3n],
      ] as const) {
        const p = Number(numerator) / Number(denominator);
        for (let k = 0; k <= n; k++) {
          let ways = 0n;
          for (let j = k; j <= n; j++)
            ways += choose(n, j) * numerator ** BigInt(j) * (denominator - numerator) ** BigInt(n - j);
          const wanted = Number(ways) / Number(denominator ** BigInt(n));
          expect(relativeError(binomialAtLeast(k, n, p), wanted)).toBeLessThan(1e-12);
        }
      }
    }
  });

  test("the two sides make one, and the ends are certain", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(100_000),
        (n, p, k) => {
          expect(Math.abs(binomialAtLeast(k, n, p) + binomialAtMost(k - 1, n, p) - 1)).toBeLessThan(1e-9);
        },
      ),
      { numRuns: 200 },
    );
    expect([binomialAtLeast(0, 5, 0), binomialAtLeast(1, 5, 0), binomialAtLeast(5, 5, 1)]).toEqual([1, 0, 1]);
    expect([binomialAtLeast(6, 5, 1), binomialAtMost(5, 5, 1), binomialAtMost(4, 5, 1)]).toEqual([0, 1, 0]);
  });
});

describe("the interval of a proportion", () => {
  test.each([
    [12, 3400, 0.00182498751845522, 0.00615704761255838],
    [0, 100, 0, 0.0362166926451764],
    [1, 1_000_000, 2.53178076637942e-8, 5.57163065517224e-6],
    [50, 100, 0.398321129503301, 0.601678870496699],
    [99, 100, 0.945540614607919, 0.999746853967023],
    [100, 100, 0.963783307354824, 1],
    [7, 10_000_000, 2.81436349979694e-7, 1.4422670008961e-6],
  ])("of %i in %i", (k, n, low, high) => {
    const interval = proportionInterval(k, n);
    expect(relativeError(interval.low, low)).toBeLessThan(1e-10);
    expect(relativeError(interval.high, high)).toBeLessThan(1e-10);
  });

  test("nothing counted says nothing", () => {
    expect(proportionInterval(0, 0)).toEqual({ low: 0, high: 1 });
  });

  test("holds the true chance in 95 of 100 cases at the least", () => {
    for (const p of [0.001, 0.03, 0.5]) {
      const n = 60;
      let covered = 0;
      for (let k = 0; k <= n; k++) {
        const { low, high } = proportionInterval(k, n);
        if (low <= p && p <= high) covered += binomialAtLeast(k, n, p) - binomialAtLeast(k + 1, n, p);
      }
      expect(covered).toBeGreaterThanOrEqual(0.95);
    }
  });
});
