import type { ByteSink } from "./byte-sink.ts";

/**
 * Docker's json-file driver: {"log":"…\n","stream":"stdout","time":"…"}, keys in this order, with an
 * optional "attrs" object before the time (docker daemon/logger/jsonfilelog/jsonlog/jsonlogbytes.go).
 * Its lines are by far the most common JSON around a log, so they are undone byte by byte.
 */

const opening = Buffer.from('{"log":"');
const afterLog = Buffer.from('","stream":"std');
const timeKey = Buffer.from(',"time":"');

export const opensDockerLine = (bytes: Buffer, start: number): boolean =>
  bytes[start] === 123 &&
  bytes[start + 1] === 34 &&
  bytes[start + 2] === 108 &&
  startsWith(bytes, start, opening);

/**
 * Writes "TIME text\n" for the line from `start` to `end` (newline outside) and returns true. False, with nothing
 * written, for a line that is not of this exact shape or is a part of a longer one.
 */
export function unwrapDockerLine(bytes: Buffer, start: number, end: number, sink: ByteSink): boolean {
  const timeEnd = end - 2;
  if (bytes[end - 1] !== 125 || bytes[timeEnd] !== 34) return false;
  const timeStart = bytes.lastIndexOf(34, timeEnd - 1) + 1;
  if (timeEnd - timeStart > 40 || !startsWith(bytes, timeStart - timeKey.length, timeKey)) return false;
  sink.reserve(end - start + 8);
  const out = sink.buffer();
  let to = sink.length();
  for (let i = timeStart; i < timeEnd; i++) out[to++] = bytes[i] ?? 0;
  out[to++] = 32;
  const textStart = start + opening.length;
  const stop = unescapeInto(bytes, textStart, timeStart - timeKey.length, out, to);
  if (stop === -1 || !startsWith(bytes, stop, afterLog)) return false;
  if (written === to || out[written - 1] !== 10) return false;
  sink.advance(written);
  return true;
}

/** Where `unescapeInto` stopped writing. */
let written = 0;

/**
 * Undoes JSON's escapes from `from` to the closing quote, whose position it returns; -1 when there is none before
 * `limit` or when an escape is left to JSON.parse (surrogates, a newline inside the text).
 */
function unescapeInto(bytes: Buffer, from: number, limit: number, out: Buffer, to: number): number {
  let at = from;
  let next = to;
  while (at < limit) {
    const byte = bytes[at] as number;
    if (byte === 34) {
      written = next;
      return at;
    }
    if (byte !== 92) {
      out[next++] = byte;
      at++;
      continue;
    }
    const escape = bytes[at + 1] as number;
    if (escape === 117) {
      const code = hexAt(bytes, at + 2);
      if (code < 0 || code > 127) return -1;
      out[next++] = code;
      at += 6;
      continue;
    }
    const plain = plainOf(escape);
    if (plain === 0 || (plain === 10 && bytes[at + 2] !== 34)) return -1;
    out[next++] = plain;
    at += 2;
  }
  return -1;
}

/** The character that a one-letter escape stands for; 0 for a letter that has no meaning. */
function plainOf(escape: number): number {
  if (escape === 34 || escape === 92 || escape === 47) return escape;
  if (escape === 110) return 10;
  if (escape === 116) return 9;
  if (escape === 114) return 13;
  if (escape === 98) return 8;
  return escape === 102 ? 12 : 0;
}

function hexAt(bytes: Buffer, at: number): number {
  let code = 0;
  for (let i = at; i < at + 4; i++) {
    const byte = bytes[i] ?? 0;
    const low = byte | 32;
    const digit = byte >= 48 && byte <= 57 ? byte - 48 : low >= 97 && low <= 102 ? low - 87 : -1;
    if (digit === -1) return -1;
    code = code * 16 + digit;
  }
  return code === 10 ? -1 : code;
}

function startsWith(bytes: Buffer, at: number, expected: Buffer): boolean {
  if (at < 0) return false;
  for (let i = 0; i < expected.length; i++) if (bytes[at + i] !== expected[i]) return false;
  return true;
}
