import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  goDuration,
  haproxyTime,
  nginxSize,
  nginxTime,
  wholeSeconds,
} from "../../src/derive/setting-values.ts";

describe("written values", () => {
  const cases: readonly (readonly [(text: string) => number | undefined, string, number | undefined])[] = [
    [wholeSeconds, "60", 60_000],
    [wholeSeconds, "60s", undefined],
    [wholeSeconds, " 60", undefined],
    [nginxTime, "60", 60_000],
    [nginxTime, "500ms", 500],
    [nginxTime, "1h 30m", 5_400_000],
    [nginxTime, "s", undefined],
    [haproxyTime, "50", 50],
    [haproxyTime, "1m", 60_000],
    [haproxyTime, "1 m", undefined],
    [goDuration, "30", 30_000],
    [goDuration, "1m0.5s", 60_500],
    [goDuration, "30 s", undefined],
    [nginxSize, "8k", 8192],
    [nginxSize, "1M", 1_048_576],
    [nginxSize, "4096", 4096],
    [nginxSize, "8kb", undefined],
  ];
  test.each(cases)("%o of %j is %j", (read, text, value) => {
    expect(read(text)).toBe(value);
  });

  test("no text makes a reader throw, loop or give anything but a finite number", () => {
    const readers = [wholeSeconds, nginxTime, haproxyTime, goDuration, nginxSize];
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9smhdkMG. ]{0,40}$/)), (text) => {
        for (const read of readers) {
          const value = read(text);
          expect(value === undefined || Number.isFinite(value)).toBe(true);
        }
      }),
    );
    expect(nginxTime(`${"1".repeat(30_000)}x`)).toBeUndefined();
  });
});
