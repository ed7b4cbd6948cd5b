import { gunzipSync } from "node:zlib";
import type { Limits } from "../../base/limits.ts";
import type { LogStream } from "../../evidence/evidence.ts";
import type { Gathered, LogPlace } from "./gathered.ts";
import { type FileContent, fromLineStart, type SourceFile } from "./source-tree.ts";

/** Takes the log in a file, its newest bytes when it is over the limit; a rotated one may be gzipped. */
export function takeLog(
  file: SourceFile,
  place: LogPlace,
  role: LogStream["role"],
  gathered: Gathered,
  limits: Limits,
): void {
  const { bytes, problem, droppedBytes } = inflated(file.read(), limits);
  const common = { ...place, name: file.path, role };
  if (bytes === undefined) {
    gathered.log({ ...common, reason: problem ?? "it could not be read" });
    return;
  }
  if (problem !== undefined) gathered.lose(`log ${file.path}`, `${problem}: what was read is used`);
  gathered.log({ ...common, bytes, ...(droppedBytes > 0 ? { droppedBytes } : {}) });
}

function inflated(content: FileContent, limits: Limits): FileContent {
  const { bytes } = content;
  if (bytes === undefined || bytes[0] !== 0x1f || bytes[1] !== 0x8b) return content;
  try {
    const whole = gunzipSync(bytes, { maxOutputLength: limits.fileBytes });
    if (whole.length <= limits.logTailBytes) return { ...content, bytes: whole };
    const kept = fromLineStart(whole.subarray(whole.length - limits.logTailBytes));
    return { ...content, bytes: kept, droppedBytes: whole.length - kept.length };
  } catch (error) {
    return { problem: `it cannot be decompressed: ${(error as Error).message}`, droppedBytes: 0 };
  }
}

/** A log that belongs to no pod: the gateway's, copied from its host or written by its sidecar. */
export const roleOfFile = (path: string): LogStream["role"] =>
  /(^|[/_.-])error[^/]*$/i.test(path) ? "error-log" : "access-log";
