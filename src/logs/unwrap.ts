import { parseObject } from "./json.ts";

/** A view of the bytes as a Buffer, without copying them. */
const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/**
 * Brings two wrapped forms of container logs to one line per message: docker json-file
 * ({"log":"…\n","stream":"stdout","time":"…"}) and CRI lines split in parts (tag P, 16 KiB each).
 * Other logs come back as they are.
 */
export function unwrap(bytes: Uint8Array): Buffer {
  const buffer = asBuffer(bytes);
  if (looksLikeJsonFile(buffer)) return unwrapJsonFile(buffer);
  if (buffer.includes(" stdout P ") || buffer.includes(" stderr P ")) return joinCriParts(buffer);
  return buffer;
}

const newline = Buffer.from("\n");
/** Parts of one line are put together up to this length. */
const maxJoinedBytes = 1_000_000;

/** Calls `onLine` with each line's bounds, the newline outside. */
function eachLine(buffer: Buffer, onLine: (start: number, end: number) => void): void {
  for (let at = 0; at < buffer.length;) {
    const found = buffer.indexOf(10, at);
    const end = found === -1 ? buffer.length : found;
    onLine(at, end);
    at = end + 1;
  }
}

function looksLikeJsonFile(buffer: Buffer): boolean {
  const head = buffer.toString("latin1", 0, Math.min(buffer.length, 4096)).trimStart();
  return head.startsWith('{"log":"');
}

function unwrapJsonFile(buffer: Buffer): Buffer {
  const out: Buffer[] = [];
  const parts = new Map<string, string>();
  let batch: string[] = [];
  const put = (line: string): void => {
    if (batch.push(line, "\n") < 4000) return;
    out.push(Buffer.from(batch.join("")));
    batch = [];
  };
  eachLine(buffer, (start, end) => {
    const line = buffer.toString("utf8", start, Math.min(end, start + maxJoinedBytes));
    const entry = line.startsWith('{"log":"') ? parseObject(line) : undefined;
    const text = entry?.["log"];
    if (typeof text !== "string") {
      put(line);
      return;
    }
    const stream = typeof entry?.["stream"] === "string" ? entry["stream"] : "stdout";
    const whole = (parts.get(stream) ?? "") + text;
    if (!text.endsWith("\n") && whole.length < maxJoinedBytes) {
      parts.set(stream, whole);
      return;
    }
    parts.delete(stream);
    const time = typeof entry?.["time"] === "string" ? `${entry["time"]} ` : "";
    put(time + whole.replace(/\n+$/, "").replaceAll("\n", "\\n"));
  });
  for (const rest of parts.values()) put(rest);
  out.push(Buffer.from(batch.join("")));
  return Buffer.concat(out);
}

const criHead = /^(\S{20,40} (stdout|stderr)) ([FP])(?::\S*)? /;

interface OpenLine {
  readonly head: string;
  readonly parts: Buffer[];
  bytes: number;
}

/** Only lines that were split are written anew; what lies between them is taken over as it stands. */
function joinCriParts(buffer: Buffer): Buffer {
  const out: Buffer[] = [];
  const open = new Map<string, OpenLine>();
  let taken = 0;
  const close = ({ head, parts }: OpenLine): void =>
    void out.push(Buffer.from(`${head} F `), ...parts, newline);
  eachLine(buffer, (start, end) => {
    const match = criHead.exec(buffer.toString("latin1", start, Math.min(end, start + 120)));
    const [prefix = "", head = "", stream = "", tag] = match ?? [];
    const started = open.get(stream);
    if (match === null || (tag === "F" && started === undefined)) return;
    out.push(buffer.subarray(taken, start));
    taken = Math.min(end + 1, buffer.length);
    const line = started ?? { head, parts: [], bytes: 0 };
    if (line.bytes < maxJoinedBytes) line.parts.push(buffer.subarray(start + prefix.length, end));
    line.bytes += end - start;
    open.set(stream, line);
    if (tag === "P") return;
    open.delete(stream);
    close(line);
  });
  out.push(buffer.subarray(taken), newline);
  for (const line of open.values()) close(line);
  return Buffer.concat(out);
}
