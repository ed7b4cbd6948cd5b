import { describe, expect, test } from "vitest";
import { poissonAtLeast, poissonAtMost } from "../../../src/base/statistics/poisson.ts";
import { relativeError } from "./relative.ts";

describe("the chance of at least k where a mean is expected", () => {
  // Computed with 40 digits from the sum of terms.
  test.each([
    [5, 1, 0.00365984682734371],
    [100, 50, 3.20006532458513e-10],
    [1_000_000, 999_000, 0.158655213574304],
    [10, 0.001, 2.75322785942846e-37],
    [40, 55.5, 0.987520543164484],
    [400, 60, 2.92936624696995e-184],
  ])("%i of %d", (k, mean, wanted) => {
    expect(relativeError(poissonAtLeast(k, mean), wanted)).toBeLessThan(1e-9);
  });

  test("equals the plain sum for small counts", () => {
    for (const mean of [0.01, 0.7, 3, 11]) {
      let term = Math.exp(-mean);
      let atMost = 0;
      for (let k = 0; k < 30; k++) {
        atMost += term;
        expect(relativeError(poissonAtMost(k, mean), atMost)).toBeLessThan(1e-12);
        term *= mean / (k + 1);
      }
    }
  });

  test("nothing expected", () => {
    expect([poissonAtLeast(0, 0), poissonAtLeast(1, 0), poissonAtMost(0, 0), poissonAtMost(-1, 3)]).toEqual([
      1, 0, 1, 0,
    ]);
  });
});
