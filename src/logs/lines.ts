import { isoMs } from "./clock.ts";

/** Longest line that is looked at; what lies beyond is skipped. nginx's own request buffers end at 32 KiB. */
const maxLineBytes = 131_072;

/** One line of a log, without the prefix its collector put before it. */
export interface LinePosition {
  /** First byte of the content after any prefix. */
  start: number;
  /** First byte after the content; the newline and a carriage return are outside. */
  end: number;
  /** First byte of the line itself. */
  lineStart: number;
  /** Time of the prefix, milliseconds since the epoch; NaN without one. */
  prefixMs: number;
  /** "namespace/pod" or "pod" that the line's wrapper names; empty when it names none. */
  pod: string;
  /** The line is longer than `maxLineBytes`; `end` is where reading stops. */
  long: boolean;
}

const newline = 10;
const digit0 = 48;
const digit9 = 57;

/**
 * Calls `onLine` for every line that is not empty. The same object is handed over each time.
 * Prefixes that are taken off: CRI ("TIME stdout F "), kubectl --timestamps ("TIME "), kubectl --prefix ("[pod/NAME/CONTAINER] ").
 */
export function walkLines(bytes: Buffer, onLine: (line: LinePosition) => void): void {
  const line: LinePosition = { start: 0, end: 0, lineStart: 0, prefixMs: Number.NaN, pod: "", long: false };
  let at = 0;
  while (at < bytes.length) {
    const found = bytes.indexOf(newline, at);
    const stop = found === -1 ? bytes.length : found;
    let end = stop;
    if (end > at && bytes[end - 1] === 13) end--;
    line.long = end - at > maxLineBytes;
    line.lineStart = at;
    line.start = at;
    line.end = line.long ? at + maxLineBytes : end;
    line.prefixMs = Number.NaN;
    line.pod = "";
    stripPrefix(bytes, line);
    if (line.end > line.start) onLine(line);
    at = stop + 1;
  }
}

function stripPrefix(bytes: Buffer, line: LinePosition): void {
  if (bytes[line.start] === 91 && bytes[line.start + 1] === 112) stripPodPrefix(bytes, line);
  if (!startsWithIsoTime(bytes, line.start, line.end)) return;
  const space = bytes.indexOf(32, line.start + 19);
  if (space === -1 || space >= line.end || space - line.start > 40) return;
  const timeMs = isoMs(bytes.toString("latin1", line.start, space));
  if (Number.isNaN(timeMs)) return;
  line.prefixMs = timeMs;
  line.start = space + 1;
  stripCriTags(bytes, line);
}

/** "[pod/web-1/app] " of `kubectl logs --prefix`. */
function stripPodPrefix(bytes: Buffer, line: LinePosition): void {
  if (bytes.toString("latin1", line.start, line.start + 5) !== "[pod/") return;
  const close = bytes.indexOf(93, line.start);
  if (close !== -1 && close < line.end && close - line.start < 400)
    line.start = Math.min(close + 2, line.end);
}

/** "stdout F " or "stderr F "; tags are separated by colons. */
function stripCriTags(bytes: Buffer, line: LinePosition): void {
  const at = line.start;
  if (bytes[at] !== 115 || bytes[at + 1] !== 116 || bytes[at + 2] !== 100 || bytes[at + 6] !== 32) return;
  const tag = bytes[at + 7];
  if (tag !== 70 && tag !== 80) return;
  if (at + 8 >= line.end) line.start = line.end;
  else if (bytes[at + 8] === 32) line.start = at + 9;
  else if (bytes[at + 8] === 58) {
    const space = bytes.indexOf(32, at + 8);
    line.start = space === -1 || space >= line.end ? line.end : space + 1;
  }
}

function startsWithIsoTime(bytes: Buffer, start: number, end: number): boolean {
  return (
    end - start > 20 &&
    isDigit(bytes[start]) &&
    isDigit(bytes[start + 3]) &&
    bytes[start + 4] === 45 &&
    bytes[start + 7] === 45 &&
    bytes[start + 10] === 84 &&
    bytes[start + 13] === 58
  );
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= digit0 && byte <= digit9;
