import { describe, expect, test } from "vitest";
import { arcChance, circularMean, rayleigh, smallestArc } from "../../../src/base/statistics/circular.ts";
import { seeded } from "../../support/seeded.ts";

const evenly = (n: number): number[] => Array.from({ length: n }, (_, i) => i / n);

describe("phases", () => {
  test("mean of phases across the turn", () => {
    const { phase, length } = circularMean([0.95, 0.05]);
    expect([Math.min(phase, 1 - phase), length]).toEqual([expect.closeTo(0, 9), expect.closeTo(0.951, 3)]);
    expect(circularMean(evenly(8)).length).toBeCloseTo(0, 12);
  });

  test("the smallest arc goes across the turn where that is shorter", () => {
    expect(smallestArc([0.9, 0.1, 0.95])).toBeCloseTo(0.2, 12);
    expect(smallestArc([0.3])).toBe(0);
    expect(smallestArc(evenly(4))).toBeCloseTo(0.75, 12);
  });

  test("all at one place is no chance, all around is", () => {
    expect(rayleigh(evenly(12))).toBe(1);
    // exp(√(1 + 4n) − (1 + 2n)) for n alike phases.
    expect(rayleigh([0.2, 0.2, 0.2, 0.2, 0.2])).toBeCloseTo(Math.exp(Math.sqrt(21) - 11), 9);
  });
});

describe("how often chance gives as little", () => {
  const random = seeded(7);
  const samples = Array.from({ length: 20_000 }, () => Array.from({ length: 6 }, random));
  const part = (isHit: (phases: number[]) => boolean): number =>
    samples.filter(isHit).length / samples.length;

  test.each([0.2, 0.35, 0.5])("six phases in an arc of %d turns", (arc) => {
    const wanted = arcChance(6, arc);
    const sigma = Math.sqrt((wanted * (1 - wanted)) / samples.length);
    expect(Math.abs(part((phases) => smallestArc(phases) <= arc) - wanted)).toBeLessThan(4 * sigma);
  });

  test.each([0.2, 0.05, 0.01])("Rayleigh's p below %d", (level) => {
    expect(part((phases) => rayleigh(phases) < level) / level).toBeGreaterThan(0.85);
    expect(part((phases) => rayleigh(phases) < level) / level).toBeLessThan(1.15);
  });
});
