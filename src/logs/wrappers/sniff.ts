import { opensDockerLine } from "./docker.ts";
import { envelopeKeys } from "./envelope.ts";
import { opensDocument } from "./json-document.ts";
import { peel } from "./peel.ts";

/** Lines that are looked at: one in so many bytes, the first and the last. */
const strideBytes = 131_072;
/** JSON lines that are looked at among lines of plain text, where they are rare. */
const maxObjects = 8;
const maxLookedAt = 16_384;
const objectStart = Buffer.from('{"');
const criLine = /^\S{20,40} std(?:out|err) [FP]/;

/**
 * Whether some line of the chunk is wrapped, by a sample of them. Costs a few searches for a byte that plain logs do not
 * have: some 15 µs per MiB. `atLineStart`: the chunk begins with a line's beginning.
 */
export function looksWrapped(chunk: Buffer, atLineStart: boolean, nowMs: number): boolean {
  return hasObject(chunk, atLineStart, nowMs) || hasPrefix(chunk, atLineStart, nowMs);
}

function hasObject(chunk: Buffer, atLineStart: boolean, nowMs: number): boolean {
  let looks = 0;
  for (let at = chunk.indexOf(objectStart); at !== -1 && looks < maxObjects;) {
    const opensLine = at === 0 ? atLineStart : chunk[at - 1] === 10;
    if (opensLine && isWrapped(chunk, at, nowMs)) return true;
    looks++;
    at = chunk.indexOf(objectStart, at + 2);
  }
  return false;
}

function hasPrefix(chunk: Buffer, atLineStart: boolean, nowMs: number): boolean {
  let cri = -1;
  const look = (at: number): boolean => {
    if (cri === -1 && chunk[at] === 50 && criLine.test(chunk.toString("latin1", at, at + 60))) cri = at;
    return cri === -1 && isWrapped(chunk, at, nowMs);
  };
  if (atLineStart && look(0)) return true;
  for (let from = 0; from < chunk.length; from += strideBytes) {
    const newline = chunk.indexOf(10, from);
    if (newline === -1) break;
    if (newline + 1 < chunk.length && look(newline + 1)) return true;
  }
  // The last line, and the last that is complete.
  const last = chunk.lastIndexOf(10, chunk.length - 2);
  const before = last < 1 ? -1 : chunk.lastIndexOf(10, last - 1);
  if ((last !== -1 && look(last + 1)) || (before !== -1 && look(before + 1))) return true;
  return cri !== -1 && hasOddCriLine(chunk, chunk.indexOf(32, cri) - cri, atLineStart);
}

/** Whether a line's tag is not F. All times of one log are equally long, `timeBytes`. */
function hasOddCriLine(chunk: Buffer, timeBytes: number, atLineStart: boolean): boolean {
  for (let at = atLineStart ? 0 : chunk.indexOf(10) + 1; at < chunk.length;) {
    const isWhole = chunk[at + timeBytes + 8] === 70 && chunk[at + timeBytes + 7] === 32;
    if (!isWhole && at + timeBytes + 8 < chunk.length) return true;
    const newline = chunk.indexOf(10, at);
    if (newline === -1) return false;
    at = newline + 1;
  }
  return false;
}

/** The line that begins at `at`; one that the chunk cuts counts when its beginning is enough. */
function isWrapped(chunk: Buffer, at: number, nowMs: number): boolean {
  const newline = chunk.indexOf(10, at);
  const end = newline === -1 ? chunk.length : newline;
  if (opensDockerLine(chunk, at)) return true;
  const text = chunk.toString("utf8", at, Math.min(end, at + maxLookedAt));
  const first = text.charCodeAt(0);
  if ((first === 123 || first === 91) && opensDocument(text.slice(0, 256))) return true;
  const isCut = newline === -1 && first === 123;
  return isCut ? envelopeKeys.test(text) : peel(text, nowMs) !== undefined;
}
