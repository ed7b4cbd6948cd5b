const iso = /(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?\s?(Z|[+-]\d\d:?\d\d)?/;
/** [18/Nov/2026:10:30:00 +0000] of access logs. */
const clf = /\[(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d{4})\]/;
/** 2026/11/18 10:30:00 of nginx error logs. */
const slashed = /(\d{4})\/(\d\d)\/(\d\d) (\d\d:\d\d:\d\d)/;

/** The first time a log line tells of itself, milliseconds since the epoch; UTC when it names no zone. */
export function lineTimeMs(line: string): number | undefined {
  return parseIso(line) ?? parseClf(line) ?? parseSlashed(line);
}

function parseIso(line: string): number | undefined {
  const m = iso.exec(line);
  if (m === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = "", zone = "Z"] = m;
  const ms = fraction.padEnd(3, "0").slice(0, 3);
  return valid(Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}${colon(zone)}`));
}

function parseClf(line: string): number | undefined {
  const m = clf.exec(line);
  if (m === null) return undefined;
  const [, day, month, year, time, zone = "Z"] = m;
  return valid(Date.parse(`${day} ${month} ${year} ${time} ${zone}`));
}

function parseSlashed(line: string): number | undefined {
  const m = slashed.exec(line);
  if (m === null) return undefined;
  const [, year, month, day, time] = m;
  return valid(Date.parse(`${year}-${month}-${day}T${time}Z`));
}

const colon = (zone: string): string =>
  /^[+-]\d{4}$/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone;

const valid = (ms: number): number | undefined => (Number.isNaN(ms) ? undefined : ms);
