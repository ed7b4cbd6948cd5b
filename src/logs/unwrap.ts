import { LineUnwrapper } from "./wrappers/line-unwrapper.ts";
import { looksWrapped } from "./wrappers/sniff.ts";

/** Takes the wrappers of collectors and log stores off a stream of log bytes. */
export interface Unwrapper {
  /**
   * The log's own lines out of the next bytes, each with "[pod/NAMESPACE/NAME/CONTAINER] TIME " before it as far as
   * its wrapper names them. It is the chunk itself, not a copy, while nothing is wrapped.
   */
  push(chunk: Buffer): Buffer;
  /** What was held back: the last line without its newline, lines of which parts are missing. */
  end(): Buffer;
}

interface UnwrapOptions {
  /** Moment of collection, for the year of times that have none ("Nov 20 14:47:01"). */
  readonly nowMs?: number;
}

/** So much of a stream is read line by line; if nothing in it is wrapped, later chunks only get a look. */
const headBytes = 65_536;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);
const nothing = Buffer.alloc(0);

/**
 * Wrappers that are known: docker json-file, CRI lines in parts, JSON envelopes (Fluent Bit, Fluentd, Vector, Filebeat,
 * Cloud Logging, journald, stern, logcli, CloudWatch events), documents that are lists of those, and prefixes of
 * stern, logcli, `aws logs tail`, syslog and journalctl. Prefixes that cost nothing (CRI, kubectl) stay for `walkLines`.
 * A stream may mix wrapped lines and others.
 */
export function newUnwrapper(options: UnwrapOptions = {}): Unwrapper {
  const nowMs = options.nowMs ?? Number.NaN;
  const lines = new LineUnwrapper(nowMs);
  let byLine = true;
  let seenBytes = 0;
  let endsInNewline = true;

  function push(chunk: Buffer): Buffer {
    if (chunk.length === 0) return chunk;
    const bytes = seenBytes === 0 && chunk.indexOf(byteOrderMark) === 0 ? chunk.subarray(3) : chunk;
    const isFirst = seenBytes === 0;
    seenBytes += chunk.length;
    if (isFirst && bytes.length >= headBytes) byLine = false;
    if (!byLine) {
      if (!looksWrapped(bytes, endsInNewline, nowMs)) {
        endsInNewline = bytes.at(-1) === 10;
        return bytes;
      }
      byLine = true;
      lines.startAt(endsInNewline);
    }
    const out = lines.push(bytes);
    if (seenBytes < headBytes || lines.sawWrapper || lines.isUndecided) return out;
    byLine = false;
    const rest = lines.end();
    endsInNewline = bytes.at(-1) === 10;
    return rest.length === 0 ? out : Buffer.concat([out, rest]);
  }

  return { push, end: () => (byLine ? lines.end() : nothing) };
}

/** The same for a whole log; bytes without wrappers come back as they are. */
export function unwrap(bytes: Uint8Array, nowMs?: number): Buffer {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const unwrapper = newUnwrapper(nowMs === undefined ? {} : { nowMs });
  const out = unwrapper.push(buffer);
  const rest = unwrapper.end();
  if (rest.length === 0) return out;
  const whole = Buffer.concat([out, rest]);
  return whole.equals(buffer) ? buffer : whole;
}
