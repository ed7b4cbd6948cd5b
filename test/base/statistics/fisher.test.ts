import { describe, expect, test } from "vitest";
import { fisherAtLeast, fisherTwoSided } from "../../../src/base/statistics/fisher.ts";
import { choose, relativeError } from "./relative.ts";

describe("Fisher's exact test", () => {
  // The first is the lady who tastes tea; computed with whole numbers.
  test.each([
    [3, 1, 1, 3, 0.242857142857143, 0.485714285714286],
    [8, 2, 1, 5, 0.0244755244755245, 0.034965034965035],
    [40, 960, 10, 9990, 4.52359310850085e-33, 4.52359310850085e-33],
    [12, 5, 29, 2, 0.994525206021882, 0.0802685520741046],
    [0, 10, 10, 0, 1, 1.0825088224469e-5],
    [300, 99_700, 200, 99_800, 4.35655616913399e-6, 8.71311233826799e-6],
  ])("%i, %i against %i, %i", (a, b, c, d, atLeast, twoSided) => {
    const table = { a: [a, b], b: [c, d] } as const;
    expect(relativeError(fisherAtLeast(table), atLeast)).toBeLessThan(1e-9);
    expect(relativeError(fisherTwoSided(table), twoSided)).toBeLessThan(1e-9);
  });

  test("equals the count of all tables of the same margins", () => {
    for (let a = 0; a <= 6; a++)
      for (let b = 0; b <= 6; b++)
        for (let c = 0; c <= 5; c++)
          for (let d = 0; d <= 5; d++) {
            const [atLeast, twoSided] = counted(a, b, c, d);
            const table = { a: [a, b], b: [c, d] } as const;
            expect(relativeError(fisherAtLeast(table), atLeast)).toBeLessThan(1e-9);
            expect(relativeError(fisherTwoSided(table), twoSided)).toBeLessThan(1e-9);
          }
  });

  test("stays fast and sane for ten million", () => {
    const p = fisherTwoSided({ a: [5_000, 4_995_000], b: [5_000, 4_995_000] });
    expect(p).toBeCloseTo(1, 6);
  });
});

function counted(a: number, b: number, c: number, d: number): [atLeast: number, twoSided: number] {
  const ways = (y: number): bigint => choose(a + b, y) * choose(c + d, a + c - y);
  let all = 0n;
  let atLeast = 0n;
  let unlikelier = 0n;
  for (let y = 0; y <= a + c; y++) {
    all += ways(y);
    if (y >= a) atLeast += ways(y);
    if (ways(y) <= ways(a)) unlikelier += ways(y);
  }
  return [Number(atLeast) / Number(all), Number(unlikelier) / Number(all)];
}
