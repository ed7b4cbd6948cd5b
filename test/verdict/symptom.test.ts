import { describe, expect, it } from "vitest";
import { present } from "../../src/evidence/observed.ts";
import type { Traffic } from "../../src/logs/traffic.ts";
import { symptomOf } from "../../src/verdict/symptom.ts";
import { request, traffic } from "../causes/traffic.ts";

const second = 1000;

/** Ten requests in each of these seconds, half of them failing in some. */
function log(
  seconds: number,
  isFailing: (s: number) => boolean,
  isIdle: (s: number) => boolean = () => false,
): Traffic {
  const all = Array.from({ length: seconds }, (_, s) => s);
  const failures = all
    .filter(isFailing)
    .flatMap((s) => Array.from({ length: 5 }, (_, i) => request({ endMs: s * second + i * 100 })));
  const requests = all.map((s): number => (isIdle(s) ? 0 : 10));
  return {
    ...traffic({ failures }),
    requests: requests.reduce((sum, count) => sum + count, 0),
    bins: { fromMs: 0, widthMs: second, requests, failed: all.map((s) => (isFailing(s) ? 5 : 0)) },
  };
}

const patternOf = (seen: Traffic): string => symptomOf(present(seen)).pattern;

const isTwice = (s: number): boolean => (s >= 10 && s < 18) || (s >= 34 && s < 42);

describe("failures in time", () => {
  it("are two bursts when requests passed for seconds between", () => {
    expect(patternOf(log(60, isTwice))).toBe("bursts");
  });

  it("are one burst when nobody asked between", () => {
    expect(patternOf(log(60, isTwice, (s) => s >= 18 && s < 34))).toBe("burst");
  });

  it("are one burst when the pause is no longer than chance makes it", () => {
    expect(patternOf(log(60, (s) => s % 3 === 0))).toBe("burst");
  });

  it("are bursts when a minute lies between, whatever passed", () => {
    expect(patternOf({ ...log(200, (s) => s < 5 || s > 190), bins: undefined } as unknown as Traffic)).toBe(
      "bursts",
    );
  });
});
