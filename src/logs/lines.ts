import { newIsoReader } from "./clock.ts";

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

/**
 * Calls `onLine` for every line that is not empty. The same object is handed over each time.
 * Prefixes that are taken off: CRI ("TIME stdout F "), kubectl --timestamps ("TIME "), kubectl --prefix
 * ("[pod/NAME/CONTAINER] ") and the same with a namespace ("[pod/NAMESPACE/NAME/CONTAINER] "), as `unwrap` writes it.
 * `skip` is asked first at the start of every line: it gives the start of the next when it has dealt with the line, else 0.
 */
export function walkLines(
  bytes: Buffer,
  onLine: (line: LinePosition) => void,
  skip?: (at: number) => number,
): void {
  const line: LinePosition = { start: 0, end: 0, lineStart: 0, prefixMs: Number.NaN, pod: "", long: false };
  const strip = newPrefixStripper();
  let at = 0;
  while (at < bytes.length) {
    const skipped = skip === undefined ? 0 : skip(at);
    if (skipped !== 0) {
      at = skipped;
      continue;
    }
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
    strip(bytes, line);
    if (line.end > line.start) onLine(line);
    at = stop + 1;
  }
}

/** Moves a line's start behind its prefixes and notes what they say. Keeps the last pod and minute: lines repeat them. */
function newPrefixStripper(): (bytes: Buffer, line: LinePosition) => void {
  const iso = newIsoReader();
  let lastPrefix: Buffer = Buffer.alloc(0);
  let lastPod = "";

  function podOf(bytes: Buffer, start: number, end: number): string {
    if (bytes.compare(lastPrefix, 0, lastPrefix.length, start, end) === 0) return lastPod;
    lastPrefix = Buffer.from(bytes.subarray(start, end));
    lastPod = podIn(lastPrefix.toString("utf8"));
    return lastPod;
  }

  return (bytes, line) => {
    const at = line.start;
    if (bytes[at] === 91 && bytes[at + 1] === 112) {
      const close = endOfPodPrefix(bytes, at, line.end);
      if (close !== -1) {
        line.pod = podOf(bytes, at, close);
        line.start = Math.min(close + 2, line.end);
      }
    }
    if (!startsWithIsoTime(bytes, line.start, line.end)) return;
    const stop = endOfWord(bytes, line.start + 19, Math.min(line.end, line.start + 41));
    if (stop === -1) return;
    const timeMs = iso.msAt(bytes, line.start, stop);
    if (Number.isNaN(timeMs)) return;
    line.prefixMs = timeMs;
    line.start = stop + 1;
    stripCriTags(bytes, line);
  };
}

/** Position of the bracket that closes "[pod/web-1/app] "; -1 for anything else. */
function endOfPodPrefix(bytes: Buffer, start: number, end: number): number {
  if (bytes[start + 2] !== 111 || bytes[start + 3] !== 100 || bytes[start + 4] !== 47) return -1;
  const close = bytes.indexOf(93, start);
  return close !== -1 && close < end && close - start < 600 ? close : -1;
}

/** "[pod/shop/web-1/app" → "shop/web-1", "[pod/web-1/app" → "web-1". */
function podIn(prefix: string): string {
  const parts = prefix.slice(5).split("/");
  return parts.length < 3 ? (parts[0] ?? "") : `${parts[0]}/${parts[1]}`;
}

/** Pod of a line: the one that its wrapper names; without a namespace it may be the stream's own. */
export function podOfLine(linePod: string, streamPod: string): string {
  if (linePod === "" || linePod === streamPod) return streamPod;
  return streamPod.endsWith(linePod) && streamPod.at(-linePod.length - 1) === "/" ? streamPod : linePod;
}

/** A space, or the tab that Grafana's text download puts there. */
function endOfWord(bytes: Buffer, from: number, to: number): number {
  for (let at = from; at < to; at++) if (bytes[at] === 32 || bytes[at] === 9) return at;
  return -1;
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

/** Whether bytes look like the beginning of "2026-11-20T14:47:01…"; `isoMs` decides. */
export function startsWithIsoTime(bytes: Buffer, start: number, end: number): boolean {
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

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57;
