import { describe, expect, test } from "vitest";
import { corrected, falseDiscovery } from "../../../src/base/statistics/corrected.ts";
import { dispersion, gapValues, kolmogorov } from "../../../src/base/statistics/uniform.ts";
import { seeded } from "../../support/seeded.ts";

const random = seeded(11);
const samples = Array.from({ length: 5000 }, () => Array.from({ length: 12 }, random).sort((a, b) => a - b));
const part = (isHit: (places: number[]) => boolean): number => samples.filter(isHit).length / samples.length;

describe("even places", () => {
  test("the distance is the largest step from the line", () => {
    expect(kolmogorov([0.1, 0.2, 0.3, 0.4]).distance).toBeCloseTo(0.6, 12);
    expect(kolmogorov([0.5]).distance).toBe(0.5);
    expect(kolmogorov([])).toEqual({ distance: 0, p: 1 });
  });

  test.each([0.2, 0.05, 0.01])("p is below %d as often as it says", (level) => {
    expect(part((places) => kolmogorov(places).p < level) / level).toBeGreaterThan(0.7);
    expect(part((places) => kolmogorov(places).p < level) / level).toBeLessThan(1.3);
  });

  test.each([0.2, 0.05, 0.01])("values of gaps are even too, at %d", (level) => {
    const below = part((places) => kolmogorov(gapValues(places)).p < level);
    expect(below / level).toBeGreaterThan(0.7);
    expect(below / level).toBeLessThan(1.3);
  });

  test("regular places and crowded places are not by chance", () => {
    const regular = Array.from({ length: 20 }, (_, i) => (i + 0.5) / 20);
    const crowded = Array.from({ length: 20 }, (_, i) => Math.floor(i / 5) / 5 + 0.1 + (i % 5) / 1000);
    expect(kolmogorov(regular).p).toBeGreaterThan(0.9);
    expect(kolmogorov(gapValues(regular)).p).toBeLessThan(1e-4);
    expect(kolmogorov(gapValues(crowded)).p).toBeLessThan(1e-4);
  });
});

describe("dispersion", () => {
  test("variance ÷ mean, against what is expected of each", () => {
    expect(dispersion([2, 2, 2, 2], [2, 2, 2, 2])).toBe(0);
    expect(dispersion([8, 0, 0, 0], [2, 2, 2, 2])).toBe(8);
    expect(dispersion([4, 1], [4, 1])).toBe(0);
    expect(dispersion([4, 1, 9], [4, 1, 0])).toBe(0);
  });
});

describe("many chances looked at", () => {
  test("Bonferroni", () => {
    expect([corrected(0.01, 3), corrected(0.5, 9), corrected(0.2, 0)]).toEqual([0.03, 1, 0.2]);
  });

  test("Benjamini and Hochberg's example of 15", () => {
    const ps = [
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719,
    ];
    const all = [...ps, 0.6528, 0.759, 1];
    const adjusted = falseDiscovery(all);
    expect(adjusted.filter((p) => p <= 0.05)).toHaveLength(4);
    expect(adjusted[3]).toBeCloseTo((0.0095 * 15) / 4, 12);
    expect(falseDiscovery(all.toReversed()).toReversed()).toEqual(adjusted);
  });
});
