import { epochMs, isoMs, monthIndex, slashedMs, timeLocalMs, timeOfDayMs, withoutYearMs } from "../clock.ts";

const isoAnywhere = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z| ?[+-]\d\d:?\d\d)?/;
const slashedAnywhere = /\d{4}\/\d\d\/\d\d (?:- )?\d\d:\d\d:\d\d(?:\.\d{1,9})?/;
const commonAnywhere = /\[(\d\d\/[A-Z][a-z]{2}\/\d{4}[: ]\d\d:\d\d:\d\d(?: [+-]\d{4})?)\]/;
const klogStart = /^[IWEF](\d\d)(\d\d) (\d\d:\d\d:\d\d\.\d{1,9})/;
const dayFirst = /\b(\d{1,2})[ -]([A-Z][a-z]{2})[ -](\d{4}) (\d\d:\d\d:\d\d(?:[.,]\d{1,6})?)/;
const syslogStart = /^(?:<\d{1,3}>)?([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d:\d\d:\d\d)/;
const epochStart = /^\[?(\d{10})(?:\.(\d{1,6}))?(\d{3})?\]?[\s|]/;

/** How far into a line a time is looked for: beyond it, times belong to what the line tells of. */
const headChars = 120;

/**
 * The time that a line itself carries, in milliseconds since the epoch; NaN when none is found.
 * Times without a zone are taken as UTC, as containers run; times without a year need `nowMs`.
 */
export function lineTimeMs(text: string, nowMs: number | undefined): number {
  const head = text.slice(0, headChars);
  const iso = isoAnywhere.exec(head);
  if (iso !== null) return isoMs(iso[0]);
  const slashed = slashedAnywhere.exec(head);
  if (slashed !== null) return slashedMs(slashed[0].replace("- ", ""));
  const common = commonAnywhere.exec(head)?.[1];
  if (common !== undefined) return timeLocalMs(withZone(common));
  const day = dayFirst.exec(head);
  if (day !== null) return dated(Number(day[3]), day[2] ?? "", Number(day[1]), day[4] ?? "");
  const epoch = epochStart.exec(head);
  if (epoch !== null)
    return Number(epoch[1]) * 1000 + Math.floor(Number(`0.${epoch[2] ?? epoch[3] ?? "0"}`) * 1000);
  return nowMs === undefined ? Number.NaN : yearless(head, nowMs);
}

const withZone = (common: string): string => {
  const colon = `${common.slice(0, 11)}:${common.slice(12)}`;
  return /[+-]\d{4}$/.test(colon) ? colon : `${colon} +0000`;
};

function dated(year: number, monthName: string, day: number, time: string): number {
  const month = monthIndex(monthName);
  return month === undefined ? Number.NaN : Date.UTC(year, month, day) + timeOfDayMs(time);
}

function yearless(head: string, nowMs: number): number {
  const klog = klogStart.exec(head);
  if (klog !== null)
    return withoutYearMs(Number(klog[1]) - 1, Number(klog[2]), timeOfDayMs(klog[3] ?? ""), nowMs);
  const syslog = syslogStart.exec(head);
  const month = syslog === null ? undefined : monthIndex(syslog[1] ?? "");
  if (syslog === null || month === undefined) return Number.NaN;
  return withoutYearMs(month, Number(syslog[2]), timeOfDayMs(syslog[3] ?? ""), nowMs);
}

/** The time of a JSON logger: ISO text, or seconds, milliseconds, microseconds or nanoseconds since the epoch. */
export function jsonTimeMs(value: unknown): number {
  if (typeof value === "string") {
    const whole = isoMs(value);
    if (!Number.isNaN(whole)) return whole;
    return /^\d{10,19}(?:\.\d+)?$/.test(value) ? epochMs(Number(value)) : lineTimeMs(value, undefined);
  }
  if (typeof value === "number") return epochMs(value);
  const nested =
    typeof value === "object" && value !== null ? (value as { $date?: unknown }).$date : undefined;
  return typeof nested === "string" ? isoMs(nested) : Number.NaN;
}
