import { closeSync, openSync, readSync } from "node:fs";
import type { Loss } from "../../evidence/evidence.ts";
import type { ScanState } from "../../logs/scan/scan-state.ts";
import { StreamScanner } from "../../logs/scan/stream-scanner.ts";
import { newUnwrapper } from "../../logs/unwrap.ts";
import type { RangeTask, TaskParts } from "./task.ts";

const newline = 10;
/** A line that begins in a range is read so far beyond its end. No reader looks at more of a line than 128 KiB. */
const overhangBytes = 256 * 1024;

/** Scans ranges of plain files, with one buffer for all of them. */
export type ScanRange = (task: RangeTask) => TaskParts;

/** So many bytes before and after a range are searched for error lines of answers that were cut short. */
export const defaultMarginBytes = 64 * 1024;

export function newScanRange(state: ScanState, marginBytes: number): ScanRange {
  let buffer = Buffer.alloc(0);

  return (task) => {
    const { name, fromByte, toByte } = task;
    const start = Math.max(0, fromByte - Math.max(1, marginBytes));
    const wanted = toByte + Math.max(overhangBytes, marginBytes) - start;
    if (buffer.length < wanted) buffer = Buffer.allocUnsafeSlow(wanted);
    const losses: Loss[] = [];
    const length = readAt(task.path, buffer, start, wanted, (why) => losses.push({ what: name, why }));
    const bytes = buffer.subarray(0, length);
    state.suspects.addFrom(bytes);
    const lines = linesOf(bytes, fromByte - start, toByte - start);
    const scanner = new StreamScanner(state, { name, pod: "" });
    if (lines.length > 0) scanner.scan(unwrapped(lines, state.nowMs));
    const readBytes = toByte - fromByte;
    return { number: task.number, parts: scanner.takeParts(), losses, readBytes, textBytes: readBytes };
  };
}

/** Bytes of the lines that begin from `from` on and before `to`; a line begins at 0 or after a newline. */
function linesOf(bytes: Buffer, from: number, to: number): Buffer {
  const first = from === 0 ? 0 : after(bytes, from - 1, bytes.length);
  if (first >= to) return bytes.subarray(0, 0);
  const isMarked = from === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return bytes.subarray(
    isMarked ? 3 : first,
    to >= bytes.length ? bytes.length : after(bytes, to - 1, bytes.length),
  );
}

/** The place after the first newline at or after `at`. */
function after(bytes: Buffer, at: number, none: number): number {
  const found = bytes.indexOf(newline, at);
  return found === -1 ? none : found + 1;
}

/** Lines may be wrapped from anywhere on, when files were put together; where none is, this costs a look. */
function unwrapped(lines: Buffer, nowMs: number): Buffer {
  const unwrapper = newUnwrapper({ nowMs });
  const out = unwrapper.push(lines);
  const rest = unwrapper.end();
  return rest.length === 0 ? out : Buffer.concat([out, rest]);
}

/** Returns the number of bytes read: fewer than wanted at the end of the file, or when it has become shorter. */
function readAt(
  path: string,
  into: Buffer,
  at: number,
  wanted: number,
  onFailure: (why: string) => void,
): number {
  try {
    const file = openSync(path, "r");
    try {
      let length = 0;
      while (length < wanted) {
        const read = readSync(file, into, length, wanted - length, at + length);
        if (read === 0) break;
        length += read;
      }
      return length;
    } finally {
      closeSync(file);
    }
  } catch (error) {
    onFailure(`a part could not be read: ${error instanceof Error ? error.message : String(error)}`);
    return 0;
  }
}
