const nameTime = /(\d{4})-(\d\d)-(\d\d)T(\d\d)_(\d\d)_(\d\d)/;

const minuteMs = 60_000;
const zoneStepMs = 30 * minuteMs;
const largestZoneMs = 14 * 60 * minuteMs;

/**
 * The moment in a name such as support-bundle-2026-11-18T10_30_00, in milliseconds since the epoch.
 *
 * It is the local time of the machine that collected, and the zone is not written (troubleshoot
 * pkg/supportbundle/supportbundle.go). UTC is taken when that fits what the objects tell; else the zone in
 * which the bundle was closed soonest after the newest moment seen in it.
 */
export function bundleNameTime(names: readonly string[], newestMs: number | undefined): number | undefined {
  for (const name of names) {
    const match = nameTime.exec(name);
    if (match === null) continue;
    const [, year, month, day, hour, minute, second] = match;
    const utcMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
    if (!Number.isNaN(utcMs)) return inZone(utcMs, newestMs);
  }
  return undefined;
}

function inZone(utcMs: number, newestMs: number | undefined): number {
  if (newestMs === undefined) return utcMs;
  const earliestMs = newestMs - minuteMs;
  if (utcMs >= earliestMs && utcMs < newestMs + 60 * minuteMs) return utcMs;
  const steps = Math.ceil((earliestMs - utcMs) / zoneStepMs);
  const shifted = utcMs + steps * zoneStepMs;
  return Math.abs(shifted - utcMs) <= largestZoneMs ? shifted : Math.max(utcMs, newestMs);
}
