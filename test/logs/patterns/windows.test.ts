import { describe, expect, it } from "vitest";
import { countBetween, windowsOf } from "../../../src/logs/patterns/windows.ts";
import { chanceOf } from "./random.ts";

describe("windows over times in order", () => {
  it("agree with looking at every pair, for any times and values", () => {
    const chance = chanceOf(7);
    for (let round = 0; round < 200; round++) {
      const size = Math.floor(chance.next() * 40);
      const times = Array.from({ length: size }, () => Math.floor(chance.next() * 100)).sort((a, b) => a - b);
      const values = times.map(() => Math.floor(chance.next() * 1000));
      const width = Math.floor(chance.next() * 30);
      const found = windowsOf(times, values, width);
      const expected = times.map((time, from) => {
        const to = times.filter((other) => other <= time + width).length;
        const inside = values.slice(from, to);
        return { from, to, spread: Math.max(...inside) - Math.min(...inside) };
      });
      expect(found).toEqual(expected);
      const low = Math.floor(chance.next() * 100);
      const high = Math.floor(chance.next() * 100);
      expect(countBetween(times, low, high)).toBe(times.filter((t) => t >= low && t <= high).length);
    }
  });
});
