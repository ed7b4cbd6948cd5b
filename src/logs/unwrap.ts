import { parseObject } from "./json.ts";

/** A view of the bytes as a Buffer, without copying them. */
const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Rewriting makes one string of the whole stream, and V8's strings end near 512 MiB. */
const maxRewrittenBytes = 256 * 1024 * 1024;

/**
 * Brings two wrapped forms of container logs to one line per message: docker json-file
 * ({"log":"…\n","stream":"stdout","time":"…"}) and CRI lines split in parts (tag P, 16 KiB each).
 * Other logs come back as they are.
 */
export function unwrap(bytes: Uint8Array): Buffer {
  const buffer = asBuffer(bytes);
  if (buffer.length > maxRewrittenBytes) return buffer;
  if (looksLikeJsonFile(buffer)) return unwrapJsonFile(buffer);
  if (buffer.includes(" stdout P ") || buffer.includes(" stderr P ")) return joinCriParts(buffer);
  return buffer;
}

function looksLikeJsonFile(buffer: Buffer): boolean {
  const head = buffer.toString("latin1", 0, Math.min(buffer.length, 4096)).trimStart();
  return head.startsWith('{"log":"');
}

function unwrapJsonFile(buffer: Buffer): Buffer {
  const out: string[] = [];
  const parts: Record<string, string> = {};
  for (const line of buffer.toString("utf8").split("\n")) {
    const entry = line.startsWith('{"log":"') ? parseObject(line) : undefined;
    const text = entry?.["log"];
    if (typeof text !== "string") {
      if (line !== "") out.push(line);
      continue;
    }
    const stream = typeof entry?.["stream"] === "string" ? entry["stream"] : "stdout";
    const whole = (Object.hasOwn(parts, stream) ? parts[stream] : "") + text;
    if (!text.endsWith("\n") && whole.length < 1_000_000) {
      parts[stream] = whole;
      continue;
    }
    delete parts[stream];
    const time = typeof entry?.["time"] === "string" ? `${entry["time"]} ` : "";
    out.push(time + whole.replace(/\n+$/, "").replaceAll("\n", "\\n"));
  }
  for (const rest of Object.values(parts)) out.push(rest);
  return Buffer.from(out.join("\n"), "utf8");
}

const criLine = /^(\S{20,40} (?:stdout|stderr)) ([FP])(?::\S*)? (.*)$/s;

function joinCriParts(buffer: Buffer): Buffer {
  const out: string[] = [];
  const open = new Map<string, { head: string; parts: string[] }>();
  for (const line of buffer.toString("latin1").split("\n")) {
    const match = criLine.exec(line);
    if (match === null) {
      out.push(line);
      continue;
    }
    const [, head = "", tag, text = ""] = match;
    const stream = head.slice(-6);
    const started = open.get(stream) ?? { head, parts: [] };
    started.parts.push(text);
    if (tag === "P") open.set(stream, started);
    else {
      open.delete(stream);
      out.push(`${started.head} F ${started.parts.join("")}`);
    }
  }
  for (const { head, parts } of open.values()) out.push(`${head} F ${parts.join("")}`);
  return Buffer.from(out.join("\n"), "latin1");
}
