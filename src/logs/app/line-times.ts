import { lineTimeMs } from "./app-time.ts";

/** Times of lines, read only for lines that matter. */
export interface LineTimes {
  /** Call for every line, in order. */
  pass(start: number, end: number, prefixMs: number): void;
  /**
   * Time of the line passed last: the collector's prefix, else `jsonMs`, else what the line says, else what
   * the nearest line before it says (lines of a stack trace have no time). NaN when none is near.
   */
  ofCurrent(jsonMs: number): number;
}

/** How many lines back a time is looked for. */
const memory = 64;
const headBytes = 400;

export function newLineTimes(bytes: Buffer, nowMs: number | undefined): LineTimes {
  const starts = new Float64Array(memory);
  const ends = new Float64Array(memory);
  let count = 0;
  const prefixes = new Float64Array(memory);
  let lastKnownMs = Number.NaN;

  const timeAt = (back: number): number => {
    const at = (count - 1 - back) % memory;
    const prefix = prefixes[at] ?? Number.NaN;
    if (!Number.isNaN(prefix)) return prefix;
    const start = starts[at] ?? 0;
    const text = bytes.toString("utf8", start, Math.min(ends[at] ?? start, start + headBytes));
    return lineTimeMs(text.startsWith("{") ? text.replaceAll('"', " ") : text, nowMs);
  };

  return {
    pass(start, end, prefixMs) {
      starts[count % memory] = start;
      ends[count % memory] = end;
      prefixes[count % memory] = prefixMs;
      count++;
    },
    ofCurrent(jsonMs) {
      const prefix = prefixes[(count - 1) % memory] ?? Number.NaN;
      if (!Number.isNaN(prefix)) lastKnownMs = prefix;
      else if (!Number.isNaN(jsonMs)) lastKnownMs = jsonMs;
      else {
        for (let back = 0; back < Math.min(memory, count); back++) {
          const timeMs = timeAt(back);
          if (Number.isNaN(timeMs)) continue;
          lastKnownMs = timeMs;
          break;
        }
      }
      return lastKnownMs;
    },
  };
}
