import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  epochMs,
  epochTextMs,
  isoMs,
  newIsoReader,
  offsetMs,
  slashedMs,
  timeLocalMs,
  timeOfDayMs,
  withoutYearMs,
} from "../../src/logs/clock.ts";

const firstMs = 0;
const lastMs = Date.parse("9999-12-31T23:59:59.999Z");
const moment = fc.integer({ min: firstMs, max: lastMs });
const nearMoment = fc.integer({
  min: Date.parse("2001-09-10T00:00:00Z"),
  max: Date.parse("2286-01-01T00:00:00Z"),
});
const minuteOffset = fc.integer({ min: -23 * 60 - 59, max: 23 * 60 + 59 });

const two = (n: number): string => String(n).padStart(2, "0");

/** "+0530" or "+05:30" of minutes east of UTC. */
function zoneText(minutes: number, colon: string): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}${colon}${two(size % 60)}`;
}

/** The wall clock of a zone at a moment, as ISO text without the zone. */
const wall = (ms: number, minutes: number): string =>
  new Date(ms + minutes * 60_000).toISOString().slice(0, -1);

/** The same by another implementation of the calendar. */
function partsBy(ms: number, locale: string): Record<string, string> {
  const format = new Intl.DateTimeFormat(locale, {
    timeZone: "UTC",
    hourCycle: "h23",
    year: "numeric",
    month: "short",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  return Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]));
}

const inDays = (ms: number): boolean => ms >= 86_400_000 * 2 && ms <= lastMs - 86_400_000 * 2;

describe("ISO 8601", () => {
  test("agrees with Date, whatever the zone and the fraction", () => {
    fc.assert(
      fc.property(
        moment.filter(inDays),
        minuteOffset,
        fc.constantFrom("", ":"),
        fc.constantFrom("T", " "),
        fc.constantFrom(".", ","),
        fc.stringMatching(/^\d{0,6}$/),
        (ms, minutes, colon, separator, point, finer) => {
          const text = `${wall(ms, minutes)}${finer}${zoneText(minutes, colon)}`;
          expect(isoMs(text.replace("T", separator).replace(".", point))).toBe(ms);
          expect(isoMs(`${new Date(ms).toISOString().slice(0, -5)}${zoneText(0, colon)}`)).toBe(
            ms - (ms % 1000),
          );
        },
      ),
    );
  });

  test.each([
    ["2026-11-20T14:47:01Z", "2026-11-20T14:47:01Z"],
    ["2026-11-20t14:47:01z", "2026-11-20T14:47:01Z"],
    ["2026-11-20 14:47:01 UTC", "2026-11-20T14:47:01Z"],
    ["2026-11-20 14:47:01 GMT", "2026-11-20T14:47:01Z"],
    ["2026-11-20 14:47:01", "2026-11-20T14:47:01Z"],
    ["2026-11-20 14:47:01.5 +0000 UTC", "2026-11-20T14:47:01.500Z"],
    ["2026-11-20 14:47:01+02", "2026-11-20T12:47:01Z"],
    ["2026-11-20T14:47:01.565Z", "2026-11-20T14:47:01.565Z"],
    ["2028-02-29T00:00:00Z", "2028-02-29T00:00:00Z"],
    ["2000-02-29T00:00:00Z", "2000-02-29T00:00:00Z"],
    ["2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"],
  ])("%s", (text, expected) => {
    expect(isoMs(text)).toBe(Date.parse(expected));
  });

  test.each([
    "2026-02-29T00:00:00Z",
    "2100-02-29T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-00-01T00:00:00Z",
    "2026-04-31T00:00:00Z",
    "2026-11-20T24:00:00Z",
    "2026-11-20T14:60:00Z",
    "2026-11-20T14:47:61Z",
    "0001-01-01T00:00:00Z",
    "2026-11-20T14:47:01 CET",
    "2026-11-20T14:47:01Zx",
    "2026-11-20",
    "",
  ])("%j is no time", (text) => {
    expect(isoMs(text)).toBeNaN();
  });

  test("read from bytes gives the same, in any order of minutes", () => {
    const form = fc.record({
      ms: moment.filter(inDays),
      shift: fc.integer({ min: 0, max: 59_999 }),
      digits: fc.nat(9),
    });
    fc.assert(
      fc.property(
        fc.array(form, { maxLength: 20 }),
        fc.constantFrom("Z", "+00:00", "+0130", ""),
        (forms, zone) => {
          const reader = newIsoReader();
          for (const { ms, shift, digits } of forms) {
            for (const at of [ms, ms - (ms % 60_000) + shift]) {
              const [whole = "", fraction = ""] = new Date(at).toISOString().slice(0, -1).split(".");
              const text = `${whole}${digits === 0 ? "" : `.${fraction.padEnd(9, "7").slice(0, digits)}`}${zone}`;
              const bytes = Buffer.from(`x${text} y`);
              expect(reader.msAt(bytes, 1, 1 + text.length)).toBe(isoMs(text));
            }
          }
        },
      ),
    );
  });

  test("read from bytes that are no time is none, also after one that is", () => {
    const reader = newIsoReader();
    const at = (text: string): number => reader.msAt(Buffer.from(text), 0, text.length);
    expect(at("2026-11-20T14:47:01.5Z")).toBe(Date.parse("2026-11-20T14:47:01.500Z"));
    for (const text of [
      "2026-11-20T14:47:61Z",
      "2026-11-20T14:47:0xZ",
      "2026-11-20T14:47:01.Z",
      "2026-11-20T14:47:01.1234567890Z",
    ])
      expect(at(text)).toBeNaN();
    expect(at("2026-11-20T14:47:60Z")).toBe(Date.parse("2026-11-20T14:48:00Z"));
  });
});

describe("nginx's times", () => {
  test("with English months agree with Intl", () => {
    fc.assert(
      fc.property(moment.filter(inDays), minuteOffset, (ms, minutes) => {
        const p = partsBy(ms + minutes * 60_000, "en-US");
        const text = `${p["day"]}/${p["month"]}/${p["year"]}:${p["hour"]}:${p["minute"]}:${p["second"]} ${zoneText(minutes, "")}`;
        expect(timeLocalMs(text)).toBe(ms - (((ms % 1000) + 1000) % 1000));
      }),
    );
  });

  test("of the error log are read as UTC", () => {
    fc.assert(
      fc.property(moment, (ms) => {
        const text = new Date(ms).toISOString();
        const slashed = `${text.slice(0, 10).replaceAll("-", "/")} ${text.slice(11, 19)}`;
        expect(slashedMs(`${slashed} [error] 1#1: x`)).toBe(ms - (ms % 1000));
        expect(slashedMs(`${slashed}${text.slice(19, 23)}456`)).toBe(ms);
      }),
    );
  });

  test.each([
    "31/Apr/2026:00:00:00 +0000",
    "20/Nov/2026:25:00:00 +0000",
    "20/nov/2026:14:47:01 +0000",
    "20/Foo/2026:14:47:01 +0000",
    "29/Feb/2026:00:00:00 +0000",
    "20/Nov/2026:14:47:01 CET",
  ])("%s is no time", (text) => {
    expect(timeLocalMs(text)).toBeNaN();
  });

  test("that no clock shows are none", () => {
    expect(slashedMs("2026/02/30 00:00:00")).toBeNaN();
    expect(timeOfDayMs("24:00:00")).toBeNaN();
    expect(timeOfDayMs("14:47:01.123456")).toBe(53_221_123);
  });
});

describe("a day without its year", () => {
  test("is the last one up to a day after the moment of collection", () => {
    fc.assert(
      fc.property(nearMoment, fc.integer({ min: -86_400_000, max: 364 * 86_400_000 - 1 }), (nowMs, agoMs) => {
        const at = new Date(nowMs - agoMs);
        const dayMs = at.getTime() % 86_400_000;
        const read = withoutYearMs(at.getUTCMonth(), at.getUTCDate(), dayMs, nowMs);
        expect(new Date(read).toISOString()).toBe(at.toISOString());
      }),
    );
  });

  test("never lies more than a day ahead, and is of that month and day", () => {
    fc.assert(
      fc.property(
        nearMoment,
        fc.nat(11),
        fc.integer({ min: 1, max: 28 }),
        fc.nat(86_399_999),
        (nowMs, month, day, timeMs) => {
          const at = new Date(withoutYearMs(month, day, timeMs, nowMs));
          expect([at.getUTCMonth(), at.getUTCDate()]).toEqual([month, day]);
          expect(at.getTime()).toBeLessThanOrEqual(nowMs + 86_400_000);
          expect(at.getTime()).toBeGreaterThan(nowMs - 366 * 86_400_000);
        },
      ),
    );
  });

  test.each([
    ["2026-11-24T12:00:00Z", "2024-02-29T00:00:00Z"],
    ["2028-02-28T12:00:00Z", "2028-02-29T00:00:00Z"],
    ["2028-02-27T23:59:59Z", "2024-02-29T00:00:00Z"],
    ["2103-06-01T00:00:00Z", "2096-02-29T00:00:00Z"],
  ])("29 February at %s is %s", (now, expected) => {
    expect(withoutYearMs(1, 29, 0, Date.parse(now))).toBe(Date.parse(expected));
  });

  test("that no year has is none", () => {
    expect(withoutYearMs(1, 30, 0, Date.parse("2026-11-24T12:00:00Z"))).toBeNaN();
    expect(withoutYearMs(12, 1, 0, Date.parse("2026-11-24T12:00:00Z"))).toBeNaN();
    expect(withoutYearMs(0, 1, Number.NaN, Date.parse("2026-11-24T12:00:00Z"))).toBeNaN();
  });
});

describe("counts since the epoch", () => {
  test("in s, ms, µs and ns are told apart", () => {
    fc.assert(
      fc.property(nearMoment, fc.stringMatching(/^\d{6}$/), (ms, finer) => {
        const seconds = String(Math.floor(ms / 1000));
        const fraction = String(ms % 1000).padStart(3, "0");
        expect(epochMs(ms)).toBe(ms);
        expect(epochMs(ms / 1000)).toBe(ms);
        expect(epochMs(ms * 1000)).toBe(ms);
        expect(epochMs(ms * 1_000_000)).toBe(ms);
        expect(epochTextMs(seconds)).toBe(ms - (ms % 1000));
        expect(epochTextMs(`${seconds}.${fraction}`)).toBe(ms);
        expect(epochTextMs(String(ms))).toBe(ms);
        expect(epochTextMs(`${ms}${finer.slice(3)}`)).toBe(ms);
        expect(epochTextMs(`${ms}${finer}`)).toBe(ms);
      }),
    );
  });

  test.each(["", "12", "123456789012345678901", "1e12", "-1795186021", "1795186021.", "0x6b00b5a5ff"])(
    "%j is none",
    (text) => {
      expect(epochTextMs(text)).toBeNaN();
    },
  );

  test.each([Number.NaN, Number.POSITIVE_INFINITY, 0, -1, 1e21])("%d is none", (value) => {
    expect(epochMs(value)).toBeNaN();
  });
});

test("offsets", () => {
  fc.assert(
    fc.property(minuteOffset, fc.constantFrom("", ":"), (minutes, colon) => {
      expect(offsetMs(zoneText(minutes, colon)) - minutes * 60_000).toBe(0);
    }),
  );
  expect([undefined, "Z", "UTC", "GMT"].map(offsetMs)).toEqual([0, 0, 0, 0]);
});
