/** One container's log out of a file or stream that holds several. */
export interface DumpLog {
  /** Absent for bytes before the first mark: the start of that log was cut off. */
  readonly namespace?: string;
  readonly pod?: string;
  readonly container?: string;
  readonly bytes: Buffer;
  /** kubectl's words when it could not get the log; the bytes are these words then. */
  readonly reason?: string;
  /** First byte of the START line, and first byte after the END line. */
  readonly start: number;
  readonly end: number;
}

const startMark = Buffer.from("==== START logs for container ");

/**
 * Splits what `kubectl cluster-info dump` writes: "==== START logs for container C of pod NS/POD ====", the
 * log, "==== END logs for container C of pod NS/POD ====". An application may print such a line too; only the
 * END that repeats the START's words closes a log.
 */
export function splitDumpLog(bytes: Buffer): DumpLog[] {
  const parts: DumpLog[] = [];
  let unclosed = 0;
  let at = bytes.indexOf(startMark);
  if (at !== 0) parts.push(...headOf(bytes, at < 0 ? bytes.length : at));
  while (at >= 0 && unclosed < unclosedAllowed) {
    const lineEnd = bytes.indexOf(0x0a, at);
    if (lineEnd < 0) break;
    const words = bytes
      .toString("utf8", at + startMark.length, Math.min(lineEnd, at + longestMark))
      .trimEnd();
    const match = /^(\S+) of pod ([^/\s]+)\/(\S+) ====$/.exec(words);
    if (match === null) {
      at = bytes.indexOf(startMark, lineEnd);
      continue;
    }
    const endMark = `==== END logs for container ${words}`;
    const close = bytes.indexOf(endMark, lineEnd);
    if (close < 0) unclosed++;
    const next = close < 0 ? bytes.indexOf(startMark, lineEnd) : close;
    const logEnd = next < 0 ? bytes.length : next;
    const log = bytes.subarray(lineEnd + 1, logEnd);
    const reason = reasonIn(log);
    parts.push({
      container: match[1]!,
      namespace: match[2]!,
      pod: match[3]!,
      bytes: log,
      start: at,
      end: close < 0 ? logEnd : close + endMark.length,
      ...(reason === undefined ? {} : { reason }),
    });
    at = next < 0 ? -1 : bytes.indexOf(startMark, next);
  }
  return parts;
}

const longestMark = 1024;

/** Each START without its END is searched for to the end of the file. */
const unclosedAllowed = 20;

function headOf(bytes: Buffer, end: number): DumpLog[] {
  const head = bytes.subarray(0, end);
  const isBlank = /^\s*$/.test(head.toString("latin1", 0, 4096));
  return isBlank ? [] : [{ bytes: head, start: 0, end }];
}

function reasonIn(log: Buffer): string | undefined {
  const line = log.toString("utf8", 0, 600);
  return /^(?:Create log request error|Request log error): (.+)\n?$/.exec(line)?.[1];
}
