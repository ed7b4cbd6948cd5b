/** Offsets from UTC are multiples of this, and none is larger than 14 h. */
const quarterHourMs = 900_000;
const largestOffsetMs = 14 * 3_600_000;

/** A collector stamps a line no later than this after it was written. */
const slowestStampMs = 120_000;

/**
 * The moment of a time in an unknown zone that was read as UTC: the offset is what lies between it and the collector's
 * stamp, to a quarter of an hour. Without a stamp (`prefixMs` NaN), or with one that fits no offset, it stays.
 */
export function utcOfLocal(localMs: number, prefixMs: number): number {
  const offsetMs = Math.round((localMs - prefixMs) / quarterHourMs) * quarterHourMs;
  const fits =
    Math.abs(offsetMs) <= largestOffsetMs && Math.abs(localMs - offsetMs - prefixMs) <= slowestStampMs;
  return fits ? localMs - offsetMs : localMs;
}
