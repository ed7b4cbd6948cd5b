import { isoMs } from "../clock.ts";

/** "2026-11-20T14:47:": up to the minute. */
const minuteChars = 17;
let lastMinute = "";
let lastMinuteMs = Number.NaN;

/** `isoMs` for logs whose lines follow each other: of times in UTC that share their minute only the rest is read. */
export function isoTimeMs(text: string): number {
  const last = text.length - 1;
  if (last < 19 || last > 29 || text.charCodeAt(last) !== 90) return isoMs(text);
  if (!text.startsWith(lastMinute) || lastMinute === "") {
    const ms = isoMs(text);
    if (Number.isNaN(ms) || text.charCodeAt(10) !== 84) return ms;
    lastMinute = text.slice(0, minuteChars);
    lastMinuteMs = isoMs(`${lastMinute}00Z`);
    return ms;
  }
  const seconds = digit(text, 17) * 10 + digit(text, 18);
  const point = text.charCodeAt(19);
  if (!(seconds < 60)) return isoMs(text);
  if (last === 19) return lastMinuteMs + seconds * 1000;
  if (point !== 46 || last === 20) return isoMs(text);
  let fraction = 0;
  for (let i = 20; i < last; i++) {
    const value = digit(text, i);
    if (Number.isNaN(value)) return Number.NaN;
    if (i < 23) fraction = fraction * 10 + value;
  }
  for (let i = last; i < 23; i++) fraction *= 10;
  return lastMinuteMs + seconds * 1000 + fraction;
}

function digit(text: string, at: number): number {
  const c = text.charCodeAt(at);
  return c >= 48 && c <= 57 ? c - 48 : Number.NaN;
}
