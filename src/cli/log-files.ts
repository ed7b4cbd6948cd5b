import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { sizeText } from "../base/limits.ts";
import type { Evidence, LogStream, Loss } from "../evidence/evidence.ts";
import { stdinName } from "../gather/log-files/find-inputs.ts";
import type { MemberBytes } from "../gather/log-files/log-input.ts";
import { lookInto } from "../gather/log-files/look-into.ts";
import { readInput } from "../gather/log-files/read-input.ts";
import { UsageProblem } from "./usage-problem.ts";

/** Newest bytes kept of one log file given by name: an hour of a busy gateway is some 200 MB. */
const keptBytes = 512 * 1024 * 1024;

type Role = "access-log" | "error-log";

/** A log given by name, and what of its file could not be read. */
export interface FileLog extends LogStream {
  readonly losses?: readonly Loss[];
}

/** The log files of the command line as streams, one for each member of a tar. Throws UsageProblem for one that cannot be read. */
export async function readLogFiles(
  accessLogs: readonly string[] = [],
  errorLogs: readonly string[] = [],
  maxBytes = keptBytes,
): Promise<FileLog[]> {
  const files = [
    ...accessLogs.map((path) => ({ path, role: "access-log" as const })),
    ...errorLogs.map((path) => ({ path, role: "error-log" as const })),
  ];
  if (files.filter(({ path }) => path === "-").length > 1)
    throw new UsageProblem("standard input (-) can be one log only.");
  const streams: FileLog[] = [];
  for (const { path, role } of files) streams.push(...(await readLog(path, role, maxBytes)));
  return streams;
}

/** The same evidence with more logs, and what was left out of them told. */
export function withLogs(evidence: Evidence, logs: readonly FileLog[]): Evidence {
  const losses = logs.flatMap((log) => [
    ...(log.losses ?? []),
    ...(log.droppedBytes === undefined
      ? []
      : [
          {
            what: `log ${log.name}`,
            why: `too large: the oldest ${sizeText(log.droppedBytes)} were left out`,
          },
        ]),
  ]);
  const streams = logs.map(({ losses: _told, ...stream }): LogStream => stream);
  return logs.length === 0
    ? evidence
    : { ...evidence, logs: [...evidence.logs, ...streams], losses: [...evidence.losses, ...losses] };
}

async function readLog(path: string, role: Role, maxBytes: number): Promise<FileLog[]> {
  const losses: Loss[] = [];
  try {
    const { chunks, skippedBytes } = await open(path, maxBytes, losses);
    const tails = await tailsOf(chunks, maxBytes);
    if (tails.length === 0) {
      if (losses.length > 0) throw new Error(losses.map(({ why }) => why).join("; "));
      tails.push({ member: nameOf(path), chunks: [], droppedBytes: 0 });
    }
    return tails.map((tail, index) => ({
      name: tail.member,
      role,
      ...wholeLines(tail, skippedBytes),
      ...(index === 0 && losses.length > 0 ? { losses } : {}),
    }));
  } catch (error) {
    throw new UsageProblem(`--${role} ${path}: ${reasonOf(error)}`, { cause: error });
  }
}

const nameOf = (path: string): string => (path === "-" ? stdinName : path);

interface Opened {
  readonly chunks: AsyncIterable<MemberBytes>;
  readonly skippedBytes: number;
}

async function open(path: string, maxBytes: number, losses: Loss[]): Promise<Opened> {
  const name = nameOf(path);
  const onLoss = (loss: Loss): unknown => losses.push(loss);
  if (path === "-") return { chunks: readInput({ name, codec: "none" }, onLoss), skippedBytes: 0 };
  const found = await stat(path);
  if (found.isDirectory()) throw Object.assign(new Error("a folder"), { code: "EISDIR" });
  if (!found.isFile()) return { chunks: readInput({ name, path, codec: "none" }, onLoss), skippedBytes: 0 };
  const { codec, archive, encoding, head } = await lookInto(path);
  if (codec === "none" && head.length > 0 && /\.gz$/i.test(path))
    throw new Error("not a readable gzip file.");
  if (codec !== "none" || archive !== undefined || encoding !== undefined)
    return { chunks: readInput({ name, path, codec, sizeBytes: found.size }, onLoss), skippedBytes: 0 };
  // One byte more tells whether the kept part begins at the start of a line.
  const start = Math.max(0, found.size - maxBytes - 1);
  return { chunks: plainChunks(name, path, start), skippedBytes: start };
}

async function* plainChunks(member: string, path: string, start: number): AsyncGenerator<MemberBytes> {
  const stream = createReadStream(path, { start, highWaterMark: 1024 * 1024 });
  for await (const bytes of stream as AsyncIterable<Buffer>) yield { member, bytes };
}

interface Tail {
  readonly member: string;
  readonly chunks: Buffer[];
  droppedBytes: number;
}

/** Keeps the newest `maxBytes` of a file: of a tar, those of the members that come last. */
async function tailsOf(members: AsyncIterable<MemberBytes>, maxBytes: number): Promise<Tail[]> {
  const tails: Tail[] = [];
  let held = 0;
  for await (const { member, bytes } of members) {
    let tail = tails.at(-1);
    if (tail?.member !== member) tails.push((tail = { member, chunks: [], droppedBytes: 0 }));
    tail.chunks.push(bytes);
    held += bytes.length;
    for (let oldest = oldestOf(tails); held - (oldest?.chunks[0]?.length ?? held) > maxBytes;) {
      const dropped = oldest!.chunks.shift()!.length;
      held -= dropped;
      oldest!.droppedBytes += dropped;
      oldest = oldestOf(tails);
    }
  }
  return tails;
}

const oldestOf = (tails: readonly Tail[]): Tail | undefined => tails.find(({ chunks }) => chunks.length > 0);

/** From the start of a line, when something before it is missing. */
function wholeLines(tail: Tail, skippedBytes: number): { bytes: Uint8Array; droppedBytes?: number } {
  const bytes = Buffer.concat(tail.chunks);
  const droppedBytes = skippedBytes + tail.droppedBytes;
  if (droppedBytes === 0) return { bytes };
  const firstLine = bytes.indexOf(0x0a) + 1;
  return { bytes: bytes.subarray(firstLine), droppedBytes: droppedBytes + firstLine };
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return "there is no such file.";
  if (code === "EISDIR") return "this is a folder; give a file, or the whole folder with --from.";
  if (code === "EACCES") return "no permission to read it.";
  return error instanceof Error ? error.message : String(error);
}
