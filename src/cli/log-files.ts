import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { sizeText } from "../base/limits.ts";
import type { Evidence, LogStream, Loss } from "../evidence/evidence.ts";
import { UsageProblem } from "./usage-problem.ts";

/** Newest bytes kept of one log file given by name: an hour of a busy gateway is some 200 MB. */
const keptBytes = 512 * 1024 * 1024;

type Role = "access-log" | "error-log";

/** The log files of the command line as streams. Throws UsageProblem for one that cannot be read. */
export async function readLogFiles(
  accessLogs: readonly string[] = [],
  errorLogs: readonly string[] = [],
  maxBytes = keptBytes,
): Promise<LogStream[]> {
  const files = [
    ...accessLogs.map((path) => ({ path, role: "access-log" as const })),
    ...errorLogs.map((path) => ({ path, role: "error-log" as const })),
  ];
  if (files.filter(({ path }) => path === "-").length > 1)
    throw new UsageProblem("standard input (-) can be one log only.");
  const streams: LogStream[] = [];
  for (const { path, role } of files) streams.push(await readLog(path, role, maxBytes));
  return streams;
}

/** The same evidence with more logs, and what was left out of them told. */
export function withLogs(evidence: Evidence, logs: readonly LogStream[]): Evidence {
  const losses = logs.flatMap(({ name, droppedBytes }): Loss[] =>
    droppedBytes === undefined
      ? []
      : [{ what: `log ${name}`, why: `too large: the oldest ${sizeText(droppedBytes)} were left out` }],
  );
  return logs.length === 0
    ? evidence
    : { ...evidence, logs: [...evidence.logs, ...logs], losses: [...evidence.losses, ...losses] };
}

async function readLog(path: string, role: Role, maxBytes: number): Promise<LogStream> {
  const name = path === "-" ? "standard input" : path;
  try {
    const { bytes, droppedBytes } = await tailOf(await open(path, maxBytes), maxBytes);
    return { name, role, bytes, ...(droppedBytes > 0 ? { droppedBytes } : {}) };
  } catch (error) {
    throw new UsageProblem(`--${role} ${path}: ${reasonOf(error)}`, { cause: error });
  }
}

async function open(path: string, maxBytes: number): Promise<{ stream: Readable; skippedBytes: number }> {
  if (path === "-") return { stream: process.stdin, skippedBytes: 0 };
  const { size } = await stat(path);
  if (/\.gz$/i.test(path)) {
    const gunzip = createGunzip();
    const file = createReadStream(path).on("error", (error) => gunzip.destroy(error));
    return { stream: file.pipe(gunzip), skippedBytes: 0 };
  }
  // One byte more tells whether the kept part begins at the start of a line.
  const start = Math.max(0, size - maxBytes - 1);
  return { stream: createReadStream(path, { start, highWaterMark: 1024 * 1024 }), skippedBytes: start };
}

/** Keeps the newest `maxBytes`, from the start of a line. */
async function tailOf(
  { stream, skippedBytes }: { stream: Readable; skippedBytes: number },
  maxBytes: number,
): Promise<{ bytes: Uint8Array; droppedBytes: number }> {
  const chunks: Buffer[] = [];
  let held = 0;
  let droppedBytes = skippedBytes;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    held += chunk.length;
    while (held - (chunks[0]?.length ?? 0) > maxBytes) {
      const oldest = chunks.shift()?.length ?? 0;
      held -= oldest;
      droppedBytes += oldest;
    }
  }
  const bytes = Buffer.concat(chunks);
  if (droppedBytes === 0) return { bytes, droppedBytes };
  const firstLine = bytes.indexOf(0x0a) + 1;
  return { bytes: bytes.subarray(firstLine), droppedBytes: droppedBytes + firstLine };
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return "there is no such file.";
  if (code === "EISDIR") return "this is a folder; give a file, or the whole folder with --from.";
  if (code === "EACCES") return "no permission to read it.";
  if (typeof code === "string" && code.startsWith("Z_")) return "not a readable gzip file.";
  return error instanceof Error ? error.message : String(error);
}
