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

const iso = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?\s?(Z|[+-]\d\d:?\d\d)?$/;

/** "2026-11-18T10:30:00.123456789Z", "2026-11-18 10:30:00,123", with an offset or without (then UTC). */
export function isoMs(text: string): number {
  const m = iso.exec(text);
  if (m === null) return Number.NaN;
  const fraction = m[7] === undefined ? 0 : Math.floor(Number(`0.${m[7]}`) * 1000);
  const utc = Date.UTC(num(m[1]), num(m[2]) - 1, num(m[3]), num(m[4]), num(m[5]), num(m[6])) + fraction;
  return utc - offsetMs(m[8]);
}

const timeLocal = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-]\d{4})$/;

/** nginx $time_local: "20/Nov/2026:14:47:01 +0000". */
export function timeLocalMs(text: string): number {
  const m = timeLocal.exec(text);
  const month = m === null ? undefined : monthIndex(m[2] ?? "");
  if (m === null || month === undefined) return Number.NaN;
  return Date.UTC(num(m[3]), month, num(m[1]), num(m[4]), num(m[5]), num(m[6])) - offsetMs(m[7]);
}

const slashed = /^(\d{4})\/(\d\d)\/(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?/;

/** nginx error log and Go's log package: "2026/11/20 14:47:01", in the writer's own zone, taken as UTC here. */
export function slashedMs(text: string): number {
  const m = slashed.exec(text);
  if (m === null) return Number.NaN;
  const fraction = m[7] === undefined ? 0 : Math.floor(Number(`0.${m[7]}`) * 1000);
  return Date.UTC(num(m[1]), num(m[2]) - 1, num(m[3]), num(m[4]), num(m[5]), num(m[6])) + fraction;
}

const dayMs = 86_400_000;

/** A month, day and time of day without a year: the latest such moment that is not more than a day after `nowMs`. */
export function withoutYearMs(month: number, day: number, timeOfDayMs: number, nowMs: number): number {
  const year = new Date(nowMs).getUTCFullYear();
  const at = Date.UTC(year, month, day) + timeOfDayMs;
  if (at > nowMs + dayMs) return Date.UTC(year - 1, month, day) + timeOfDayMs;
  const next = Date.UTC(year + 1, month, day) + timeOfDayMs;
  return next <= nowMs + dayMs ? next : at;
}

/** "14:47:01.123456" as milliseconds since midnight; NaN for anything else. */
export function timeOfDayMs(text: string): number {
  const m = /^(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?$/.exec(text);
  if (m === null) return Number.NaN;
  const fraction = m[4] === undefined ? 0 : Math.floor(Number(`0.${m[4]}`) * 1000);
  return (num(m[1]) * 3600 + num(m[2]) * 60 + num(m[3])) * 1000 + fraction;
}

/** "+0200" or "+02:00" in milliseconds; 0 for "Z" and for nothing. */
export function offsetMs(text: string | undefined): number {
  if (text === undefined || text === "Z") return 0;
  const sign = text.startsWith("-") ? -1 : 1;
  return sign * (Number(text.slice(1, 3)) * 60 + Number(text.slice(-2))) * 60_000;
}

const num = (text: string | undefined): number => Number(text);
