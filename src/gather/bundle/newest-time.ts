import { isMap, type JsonMap, listOf, mapOf, mapsOf } from "./json-value.ts";

/** Newest moment an object tells of, in milliseconds since the epoch; undefined when it tells none. */
export function newestTimeOf(object: JsonMap): number | undefined {
  const metadata = mapOf(object["metadata"]);
  const candidates: unknown[] = [metadata["creationTimestamp"], mapOf(object["series"])["lastObservedTime"]];
  for (const entry of mapsOf(metadata["managedFields"])) candidates.push(entry["time"]);
  for (const key of ["firstTimestamp", "lastTimestamp", "eventTime"]) candidates.push(object[key]);
  collectTimes(object["status"], candidates, 0);
  let newest: number | undefined;
  for (const candidate of candidates) {
    const ms = typeof candidate === "string" ? Date.parse(candidate) : Number.NaN;
    if (!Number.isNaN(ms) && (newest === undefined || ms > newest)) newest = ms;
  }
  return newest;
}

/** Status times: lastTransitionTime, startedAt, lastHeartbeatTime, … Times of expiry lie in the future. */
function collectTimes(value: unknown, into: unknown[], depth: number): void {
  if (depth > 8) return;
  if (Array.isArray(value)) {
    for (const item of listOf(value)) collectTimes(item, into, depth + 1);
  } else if (isMap(value)) {
    for (const [key, item] of Object.entries(value)) {
      if (typeof item !== "string") collectTimes(item, into, depth + 1);
      else if (/(Time|At|Timestamp)$/.test(key) && !/expir|after/i.test(key)) into.push(item);
    }
  }
}

const tailBytes = 16 * 1024;

const months = "JanFebMarAprMayJunJulAugSepOctNovDec";

/**
 * Newest moment at the end of a log whose time zone is written: RFC 3339, or the common log format.
 * A time without a zone may be hours off, and "now" must not be.
 */
export function newestTimeOfLog(bytes: Uint8Array): number | undefined {
  const tail = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(
    "latin1",
    Math.max(0, bytes.length - tailBytes),
  );
  let newest: number | undefined;
  const note = (ms: number): void => {
    if (!Number.isNaN(ms) && (newest === undefined || ms > newest)) newest = ms;
  };
  for (const [text] of tail.matchAll(
    /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)/g,
  )) {
    note(
      Date.parse(
        text
          .replace(" ", "T")
          .replace(",", ".")
          .replace(/([+-]\d\d)(\d\d)$/, "$1:$2"),
      ),
    );
  }
  for (const match of tail.matchAll(
    /\b(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-]\d\d)(\d\d)/g,
  )) {
    const [, day, month = "", year, hour, minute, second, zoneHour, zoneMinute] = match;
    const at = months.indexOf(month);
    if (at < 0) continue;
    const number = String(at / 3 + 1).padStart(2, "0");
    note(Date.parse(`${year}-${number}-${day}T${hour}:${minute}:${second}${zoneHour}:${zoneMinute}`));
  }
  return newest;
}
