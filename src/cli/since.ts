import type { Evidence, LogStream } from "../evidence/evidence.ts";
import { isoMs, timeLocalMs } from "../logs/clock.ts";

/** The same evidence with logs from `sinceMs` before its collection on; a log without readable times stays whole. */
export function logsSince(evidence: Evidence, sinceMs: number): Evidence {
  const fromMs = Date.parse(evidence.collectedAt) - sinceMs;
  return { ...evidence, logs: evidence.logs.map((log) => cutBefore(log, fromMs)) };
}

function cutBefore(log: LogStream, fromMs: number): LogStream {
  if (log.bytes === undefined) return log;
  const bytes = Buffer.from(log.bytes.buffer, log.bytes.byteOffset, log.bytes.byteLength);
  const start = firstLineFrom(bytes, fromMs);
  return start === 0
    ? log
    : { ...log, bytes: bytes.subarray(start), droppedBytes: (log.droppedBytes ?? 0) + start };
}

/** Logs are written in order of time, so their beginning is found by halving: some 30 looks, whatever the size. */
function firstLineFrom(bytes: Buffer, fromMs: number): number {
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = lineStart(bytes, Math.floor((low + high) / 2));
    const timed = nextTimedLine(bytes, middle, high);
    if (timed === undefined) high = middle > low ? middle : low;
    else if (timed.ms >= fromMs) high = middle;
    else low = timed.end;
  }
  return low;
}

interface TimedLine {
  readonly ms: number;
  /** Offset of the line after it. */
  readonly end: number;
}

/** Stack traces and the like carry no time: the next line that does speaks for them. */
function nextTimedLine(bytes: Buffer, from: number, to: number): TimedLine | undefined {
  for (let at = from; at < to;) {
    const feed = bytes.indexOf(0x0a, at);
    const end = feed < 0 ? bytes.length : feed + 1;
    const ms = timeOfLine(bytes.toString("latin1", at, Math.min(end, at + readColumns)));
    if (!Number.isNaN(ms)) return { ms, end };
    at = end;
  }
  return undefined;
}

const readColumns = 4096;

const lineStart = (bytes: Buffer, at: number): number => (at === 0 ? 0 : bytes.lastIndexOf(0x0a, at - 1) + 1);

/** Only times that name their zone: a local time taken as UTC could cut hours too much. */
function timeOfLine(line: string): number {
  const local = /\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}/.exec(line)?.[0];
  if (local !== undefined) return timeLocalMs(local);
  const iso = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)/.exec(line)?.[0];
  return iso === undefined ? Number.NaN : isoMs(iso);
}
