import { closeSync, openSync, readSync } from "node:fs";
import { newLineReader } from "../../logs/line-reader.ts";
import { walkLines } from "../../logs/lines.ts";
import type { ScanOptions } from "../../logs/scan/scan-state.ts";
import type { RangeTask } from "./task.ts";

const lookBytes = 16 * 1024;
/** Lines of one moment lie near each other but not in strict order, and an error line's clock is not the access line's. */
const slackMs = 120_000;

export interface InTime {
  readonly ranges: readonly RangeTask[];
  /** First and last moment of the file, when ranges were left out. */
  readonly fromMs?: number;
  readonly toMs?: number;
}

/**
 * The ranges of one file that may hold something of the asked time. Times are looked up where ranges begin and where the file ends;
 * when one cannot be read there, or they are not in order, every range is kept.
 */
export function rangesInTime(ranges: readonly RangeTask[], { filter, formats = {} }: ScanOptions): InTime {
  const { fromMs = Number.NEGATIVE_INFINITY, toMs = Number.POSITIVE_INFINITY } = filter ?? {};
  const [first] = ranges;
  if (first === undefined || (fromMs === Number.NEGATIVE_INFINITY && toMs === Number.POSITIVE_INFINITY))
    return { ranges };
  const end = ranges.at(-1)?.toByte ?? 0;
  const times = timesAt(first.path, [...ranges.map((range) => range.fromByte), end], formats);
  const isOrdered = times.every((time, i) => time >= (times[i - 1] ?? Number.NEGATIVE_INFINITY));
  if (!isOrdered) return { ranges };
  const kept = ranges.filter((_, i) => times[i + 1]! >= fromMs - slackMs && times[i]! < toMs + slackMs);
  return kept.length === ranges.length
    ? { ranges }
    : { ranges: kept, fromMs: times[0]!, toMs: times.at(-1)! };
}

/** Time of the first access line after each place, of the last one for the file's end; NaN when there is none near. */
function timesAt(
  path: string,
  places: readonly number[],
  formats: NonNullable<ScanOptions["formats"]>,
): number[] {
  const buffer = Buffer.alloc(lookBytes);
  try {
    const file = openSync(path, "r");
    try {
      return places.map((place, i) => {
        const isEnd = i === places.length - 1;
        const from = isEnd ? Math.max(0, place - lookBytes) : Math.max(0, place - 1);
        const bytes = buffer.subarray(0, readSync(file, buffer, 0, lookBytes, from));
        const times = accessTimes(from === 0 ? bytes : bytes.subarray(bytes.indexOf(10) + 1), formats);
        return (isEnd ? times.at(-1) : times[0]) ?? Number.NaN;
      });
    } finally {
      closeSync(file);
    }
  } catch {
    return places.map(() => Number.NaN);
  }
}

/** Times of whole access lines; the last piece may be one that was cut. */
function accessTimes(bytes: Buffer, formats: NonNullable<ScanOptions["formats"]>): number[] {
  const reader = newLineReader(formats, "");
  const times: number[] = [];
  walkLines(bytes.subarray(0, bytes.lastIndexOf(10) + 1), ({ start, end, prefixMs }) => {
    if (reader.look(bytes.toString("utf8", start, end), prefixMs) !== "other")
      times.push(reader.glance.endMs);
  });
  return times;
}
