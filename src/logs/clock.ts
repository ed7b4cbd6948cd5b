/** Times in logs. All results are milliseconds since the epoch, UTC; NaN when the text is not such a time. */

const months: Readonly<Record<string, number>> = {
  Jan: 0,
  Feb: 1,
  Mar: 2,
  Apr: 3,
  May: 4,
  Jun: 5,
  Jul: 6,
  Aug: 7,
  Sep: 8,
  Oct: 9,
  Nov: 10,
  Dec: 11,
};

/** Month number 0…11 of an English three-letter name; undefined for other words. */
export const monthIndex = (name: string): number | undefined =>
  Object.hasOwn(months, name) ? months[name] : undefined;

const daysOfMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

/** Midnight of a day that exists, from 1970 on; NaN for 30 February and for a thirteenth month. */
function dayStartMs(year: number, month: number, day: number): number {
  const days = (daysOfMonth[month] ?? 0) + (month === 1 && isLeap(year) ? 1 : 0);
  return year >= 1970 && day >= 1 && day <= days ? Date.UTC(year, month, day) : Number.NaN;
}

/** Second 60 is a leap second and counts as the first of the next minute. */
function clockMs(hour: number, minute: number, second: number): number {
  if (hour > 23 || minute > 59 || second > 60) return Number.NaN;
  return ((hour * 60 + minute) * 60 + second) * 1000;
}

/** "57" of ".57" is 570 ms; what is finer than a millisecond is cut off. */
const fractionMs = (digits: string | undefined): number =>
  digits === undefined ? 0 : Number(digits.slice(0, 3).padEnd(3, "0"));

const iso =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?\s?([Zz]|UTC|GMT|[+-]\d\d(?::?\d\d)?(?: UTC)?)?$/;

/** "2026-11-18T10:30:00.123456789Z", "2026-11-18 10:30:00,123", with an offset or without (then UTC). */
export function isoMs(text: string): number {
  const m = iso.exec(text);
  if (m === null) return Number.NaN;
  const day = dayStartMs(num(m[1]), num(m[2]) - 1, num(m[3]));
  return day + clockMs(num(m[4]), num(m[5]), num(m[6])) + fractionMs(m[7]) - offsetMs(m[8]);
}

const timeLocal = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-]\d{4}|Z|UTC|GMT)$/;

/** nginx $time_local: "20/Nov/2026:14:47:01 +0000". */
export function timeLocalMs(text: string): number {
  const m = timeLocal.exec(text);
  const month = m === null ? undefined : monthIndex(m[2] ?? "");
  if (m === null || month === undefined) return Number.NaN;
  const day = dayStartMs(num(m[3]), month, num(m[1]));
  return day + clockMs(num(m[4]), num(m[5]), num(m[6])) - offsetMs(m[7]);
}

const slashed = /^(\d{4})\/(\d\d)\/(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?/;

/** nginx error log and Go's log package: "2026/11/20 14:47:01", in the writer's own zone, taken as UTC here. */
export function slashedMs(text: string): number {
  const m = slashed.exec(text);
  if (m === null) return Number.NaN;
  const day = dayStartMs(num(m[1]), num(m[2]) - 1, num(m[3]));
  return day + clockMs(num(m[4]), num(m[5]), num(m[6])) + fractionMs(m[7]);
}

const dayMs = 86_400_000;

/** Eight years lie between the leap days around a century that has none. */
const maxYearsBack = 9;

/**
 * A month (0…11), day and time of day without a year: the latest such moment that is not more than a day after
 * `nowMs`. 29 February is that of the last leap year; NaN for a day that no year has.
 */
export function withoutYearMs(month: number, day: number, timeOfDayMs: number, nowMs: number): number {
  const year = new Date(nowMs).getUTCFullYear() + 1;
  for (let back = 0; back <= maxYearsBack; back++) {
    const at = dayStartMs(year - back, month, day) + timeOfDayMs;
    if (at <= nowMs + dayMs) return at;
  }
  return Number.NaN;
}

/** "14:47:01.123456" as milliseconds since midnight; NaN for anything else. */
export function timeOfDayMs(text: string): number {
  const m = /^(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?$/.exec(text);
  return m === null ? Number.NaN : clockMs(num(m[1]), num(m[2]), num(m[3])) + fractionMs(m[4]);
}

/** "+0200", "+02:00" or "+02" in milliseconds; 0 for "Z", "UTC", "GMT" and for nothing. */
export function offsetMs(text: string | undefined): number {
  const m = text === undefined ? null : /^([+-])(\d\d):?(\d\d)?/.exec(text);
  if (m === null) return 0;
  return (m[1] === "-" ? -1 : 1) * (num(m[2]) * 60 + num(m[3] ?? "0")) * 60_000;
}

/**
 * A count since the epoch in seconds (with a fraction or without), milliseconds, microseconds or nanoseconds,
 * told apart by its size: they do not overlap for the years 2001 to 5138. NaN for smaller numbers.
 */
export function epochMs(value: number): number {
  if (!(value > 1e9 && value < 1e20)) return Number.NaN;
  if (value < 1e11) return Math.round(value * 1000);
  if (value < 1e14) return Math.round(value);
  return Math.round(value < 1e17 ? value / 1000 : value / 1e6);
}

/** The same of digits: "1795186021.123", "1795186021123456789", of which a double holds too few. Cut, not rounded. */
export function epochTextMs(text: string): number {
  const m = /^(\d{10}|\d{13}|\d{16}|\d{19})(?:\.(\d{1,9}))?$/.exec(text);
  if (m === null) return Number.NaN;
  const [, whole = "", fraction] = m;
  return whole.length === 10 ? num(whole) * 1000 + fractionMs(fraction) : num(whole.slice(0, 13));
}

const num = (text: string | undefined): number => Number(text);

/** Remembers the last minute: lines of one log follow each other in time. */
export interface IsoReader {
  /** The ISO time that fills the bytes from `start` to `end`, as `isoMs` reads it. */
  msAt(bytes: Buffer, start: number, end: number): number;
}

/** "2026-11-20T14:47:" */
const minuteChars = 17;

export function newIsoReader(): IsoReader {
  const minute = new Uint8Array(minuteChars);
  let minuteMs = Number.NaN;

  function isSameMinute(bytes: Buffer, start: number): boolean {
    for (let i = minuteChars - 1; i >= 0; i--) if (bytes[start + i] !== minute[i]) return false;
    return true;
  }

  return {
    msAt(bytes, start, end) {
      const zoned = bytes[end - 1] === 90 && end - start >= minuteChars + 3;
      if (!zoned || !isSameMinute(bytes, start) || Number.isNaN(minuteMs)) {
        const ms = isoMs(bytes.toString("latin1", start, end));
        if (!zoned || Number.isNaN(ms)) return ms;
        for (let i = 0; i < minuteChars; i++) minute[i] = bytes[start + i] ?? 0;
        minuteMs = isoMs(`${bytes.toString("latin1", start, start + minuteChars)}00Z`);
        return ms;
      }
      const rest = restOfMinuteMs(bytes, start + minuteChars, end - 1);
      return Number.isNaN(rest) ? isoMs(bytes.toString("latin1", start, end)) : minuteMs + rest;
    },
  };
}

/** "01.123456789" in whole milliseconds; NaN for what is not of that shape. */
function restOfMinuteMs(bytes: Buffer, start: number, end: number): number {
  let ms = digitAt(bytes, start) * 10_000 + digitAt(bytes, start + 1) * 1000;
  if (end === start + 2) return ms < 61_000 ? ms : Number.NaN;
  if (bytes[start + 2] !== 46 || end < start + 4 || end > start + 12) return Number.NaN;
  let weight = 100;
  for (let i = start + 3; i < end; i++) {
    ms += digitAt(bytes, i) * weight;
    weight = weight > 1 ? weight / 10 : 0;
  }
  return ms < 61_000 ? ms : Number.NaN;
}

function digitAt(bytes: Buffer, at: number): number {
  const digit = (bytes[at] ?? 0) - 48;
  return digit >= 0 && digit <= 9 ? digit : Number.NaN;
}
