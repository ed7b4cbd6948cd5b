const unitMs: Readonly<Record<string, number>> = {
  y: 365 * 86_400_000,
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1000,
};

/** Milliseconds of an age as kubectl prints it (apimachinery duration.HumanDuration): 73s, 5m30s, 2d5h, 3y12d. */
export function ageMs(text: string): number | undefined {
  if (!/^(\d+[ydhms])+$/.test(text)) return undefined;
  let total = 0;
  for (const [, number, unit] of text.matchAll(/(\d+)([ydhms])/g)) total += Number(number) * unitMs[unit!]!;
  return total;
}

/** Whether an age is given to the second: below ten minutes it is. */
export const isToTheSecond = (age: string): boolean => /\ds$/.test(age) || /^\dm$/.test(age);

const months = "JanFebMarAprMayJunJulAugSepOctNovDec";

/** Milliseconds since the epoch of a time in a describe text: "Mon, 17 Nov 2026 17:07:00 +0800" (RFC 1123 with zone). */
export function describedTimeMs(text: string): number | undefined {
  const match = /^[A-Z][a-z]{2}, (\d\d) ([A-Z][a-z]{2}) (\d{4}) (\d\d:\d\d:\d\d) ([+-]\d\d)(\d\d)$/.exec(
    text.trim(),
  );
  if (match === null) return undefined;
  const [, day, month = "", year, time, zoneHour, zoneMinute] = match;
  return timeOf(year!, month, day!, time!, `${zoneHour}:${zoneMinute}`);
}

/** What `date` prints: ISO 8601, RFC 5322 (`date -R`), or the C locale's form in UTC. */
export function dateOutputMs(output: string): number | undefined {
  const text = output.trim().split("\n", 1)[0]!;
  const iso = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d+)?)? ?(Z|UTC|[+-]\d\d:?\d\d)$/.exec(text);
  if (iso !== null) {
    const ms = Date.parse(
      text
        .replace(" ", "T")
        .replace(",", ".")
        .replace(/ ?UTC$/, "Z")
        .replace(/ ?([+-]\d\d):?(\d\d)$/, "$1:$2"),
    );
    return Number.isNaN(ms) ? undefined : ms;
  }
  const plain = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d{1,2}) (\d\d:\d\d:\d\d) (?:UTC|GMT) (\d{4})$/.exec(text);
  if (plain === null) return describedTimeMs(text);
  return timeOf(plain[4]!, plain[1]!, plain[2]!.padStart(2, "0"), plain[3]!, "Z");
}

function timeOf(year: string, month: string, day: string, time: string, zone: string): number | undefined {
  const at = months.indexOf(month);
  if (at < 0 || at % 3 !== 0) return undefined;
  const ms = Date.parse(`${year}-${String(at / 3 + 1).padStart(2, "0")}-${day}T${time}${zone}`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** What a Date can hold; an age of a million years is no age. */
const largestMs = 8.64e15;

export const isoOf = (ms: number | undefined): string | undefined =>
  ms === undefined || !(Math.abs(ms) <= largestMs)
    ? undefined
    : new Date(ms).toISOString().replace(".000Z", "Z");

/** The RFC 3339 form of a time in a describe text; undefined for "<unset>" and the like. */
export const describedTime = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : isoOf(describedTimeMs(text));
