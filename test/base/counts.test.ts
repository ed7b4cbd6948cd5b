import { describe, expect, test } from "vitest";
import { chanceText, countedText, momentText, shareText, spanText } from "../../src/base/counts.ts";

describe("counts with their interval", () => {
  test.each([
    [12, 3400, "12 of 3,400 failed: 0.35 % (0.2 to 0.6)"],
    [361, 412, "361 of 412 failed: 87.6 % (84 to 91)"],
    [0, 100, "0 of 100 failed: 0 % (0 to 4)"],
    [100, 100, "100 of 100 failed: 100 % (96 to 100)"],
    [9999, 10_000, "9,999 of 10,000 failed: 99.99 % (99.94 to 99.9997)"],
    [1, 1_000_000, "1 of 1,000,000 failed: 0.0001 % (0.000003 to 0.0006)"],
    [1, 2, "1 of 2 failed: 50 % (1 to 99)"],
    [0, 0, "0 of 0 failed"],
  ])("%i of %i", (part, whole, text) => {
    expect(countedText(part, whole, "failed")).toBe(text);
  });

  test("a share of nothing", () => {
    expect(shareText(0, 0)).toBe("of none");
  });
});

test.each([
  [0.03, "p = 0.03"],
  [0.001, "p = 0.001"],
  [3.2e-13, "p < 10^-12"],
  [1e-300, "p < 10^-300"],
  [0, "p < 10^-300"],
])("chance of %d", (p, text) => expect(chanceText(p)).toBe(text));

test.each([
  [850, "850 ms"],
  [12_500, "12.5 s"],
  [90_000, "90 s"],
  [240_000, "4 min"],
  [7_200_000, "2 h"],
  [259_200_000, "3 d"],
])("a span of %i ms", (ms, text) => expect(spanText(ms)).toBe(text));

test("a moment to the second", () => {
  expect(momentText(Date.UTC(2026, 10, 20, 14, 47, 1, 999))).toBe("2026-11-20T14:47:01Z");
});
