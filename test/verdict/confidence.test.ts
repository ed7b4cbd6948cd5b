import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { speaksAgainst, speaksFor } from "../../src/causes/clue.ts";
import { confidence } from "../../src/verdict/confidence.ts";

const say = (weight: keyof typeof speaksFor, group?: string) =>
  speaksFor[weight]("x", "y", group === undefined ? {} : { group });

describe("confidence", () => {
  it("stays at the prior without clues", () => {
    expect(confidence(0.02, [])).toBeCloseTo(0.02);
  });

  it("is nearly sure after one decisive clue, and not above the ceiling", () => {
    expect(confidence(0.02, [say("decisive")])).toBeGreaterThan(0.95);
    expect(confidence(0.5, [say("decisive"), say("decisive"), say("decisive")])).toBeLessThanOrEqual(0.99);
  });

  it("never passes one half on weak and moderate clues alone", () => {
    const many = Array.from({ length: 30 }, () => say("moderate"));
    expect(confidence(0.3, many)).toBeLessThanOrEqual(0.5);
  });

  it("counts a group once, as its strongest clue", () => {
    const once = confidence(0.02, [say("strong", "probe")]);
    expect(confidence(0.02, [say("strong", "probe"), say("moderate", "probe"), say("strong", "probe")])).toBe(
      once,
    );
    expect(confidence(0.02, [say("strong", "probe"), say("strong", "log")])).toBeGreaterThan(once);
  });

  it("falls with every clue against and rises with every clue for", () => {
    const weights = fc.constantFrom("decisive", "strong", "moderate", "weak" as const);
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 0.5, noNaN: true }),
        fc.array(weights, { maxLength: 6 }),
        weights,
        (prior, given, extra) => {
          const clues = given.map((w) => speaksFor[w]("x", "y"));
          const before = confidence(prior, clues);
          expect(confidence(prior, [...clues, speaksAgainst[extra]("x", "y")])).toBeLessThanOrEqual(before);
          expect(confidence(prior, [...clues, speaksFor[extra]("x", "y")])).toBeGreaterThanOrEqual(before);
        },
      ),
    );
  });
});
