import type { LogOptions } from "./log-options.ts";
import { lineTimeMs } from "./line-time.ts";

/** RFC 3339 with nine digits, as the kubelet writes it before every line. */
const kubeletPrefix = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}(?:Z|[+-]\d\d:\d\d) /;
const newline = 0x0a;

/** A line with its newline, still bytes. */
interface Line {
  readonly from: number;
  readonly to: number;
}

/**
 * The part of a log that the options ask for. A stream saved with the kubelet's timestamps loses them unless they
 * are asked for; in one saved without, the time a line tells of itself is used, and a line that tells none has the
 * time of the line before it.
 */
export function cutLog(bytes: Uint8Array, options: LogOptions): Uint8Array {
  const log = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const lines = splitLines(log);
  const stamped = isStamped(log, lines);
  const untouched = options.sinceMs === undefined && !options.timestamps && !stamped;
  let kept =
    options.tailLines === undefined ? lines : lines.slice(Math.max(0, lines.length - options.tailLines));
  if (untouched) return limited(log.subarray(kept[0]?.from ?? log.length), options.limitBytes);
  if (options.sinceMs !== undefined) kept = since(log, kept, options.sinceMs);
  return limited(Buffer.concat(rewritten(log, kept, stamped, options.timestamps)), options.limitBytes);
}

const limited = (log: Uint8Array, limitBytes: number | undefined): Uint8Array =>
  limitBytes === undefined ? log : log.subarray(0, limitBytes);

function splitLines(log: Buffer): Line[] {
  const lines: Line[] = [];
  let from = 0;
  while (from < log.length) {
    const end = log.indexOf(newline, from);
    const to = end === -1 ? log.length : end + 1;
    lines.push({ from, to });
    from = to;
  }
  return lines;
}

const head = (log: Buffer, { from, to }: Line): string =>
  log.toString("latin1", from, Math.min(to, from + 256));

function isStamped(log: Buffer, lines: readonly Line[]): boolean {
  const sample = lines.slice(0, 20);
  return sample.length > 0 && sample.every((line) => kubeletPrefix.test(head(log, line)));
}

function since(log: Buffer, lines: readonly Line[], sinceMs: number): Line[] {
  let timeMs: number | undefined;
  return lines.filter((line) => {
    timeMs = lineTimeMs(head(log, line)) ?? timeMs;
    return timeMs === undefined || timeMs >= sinceMs;
  });
}

function rewritten(log: Buffer, lines: readonly Line[], stamped: boolean, timestamps: boolean): Buffer[] {
  let timeMs = 0;
  return lines.flatMap((line) => {
    const text = head(log, line);
    const prefix = stamped ? (kubeletPrefix.exec(text)?.[0].length ?? 0) : 0;
    if (!timestamps) return [log.subarray(line.from + prefix, line.to)];
    if (stamped) return [log.subarray(line.from, line.to)];
    timeMs = lineTimeMs(text) ?? timeMs;
    return [
      Buffer.from(`${new Date(timeMs).toISOString().slice(0, -1)}000000Z `),
      log.subarray(line.from, line.to),
    ];
  });
}
