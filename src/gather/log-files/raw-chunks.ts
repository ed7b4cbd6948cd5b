import { type BigIntStats, fstatSync, read } from "node:fs";
import { type FileHandle, open, readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { isMainThread } from "node:worker_threads";
import { sizeText } from "../../base/limits.ts";
import { failureOf, lastingIdOf } from "./file-id.ts";
import type { LogInput, OnLoss } from "./log-input.ts";

type Chunks = AsyncGenerator<Buffer, void, undefined>;

const fileChunkBytes = 1024 * 1024;
/** What a pipe of Linux holds: more is never read at once. */
const pipeChunkBytes = 64 * 1024;
/** How long to wait for a non-blocking standard input that has nothing yet. */
const retryMs = 20;

/**
 * The bytes of an input as they are on disk. A regular file is read up to the size it had when it was
 * found, so that what is appended later is left to whoever follows it.
 */
export async function* rawChunks(input: LogInput, onLoss: OnLoss): Chunks {
  try {
    yield* input.path === undefined ? stdinChunks() : fileChunks(input, input.path, onLoss);
  } catch (error) {
    onLoss({ what: input.name, why: `could not be read to its end: ${failureOf(error)}` });
  }
}

async function* fileChunks(input: LogInput, path: string, onLoss: OnLoss): Chunks {
  const handle = await openSame(input, path, onLoss);
  if (handle === undefined) return;
  try {
    const now = await handle.stat({ bigint: true });
    const isSame = input.fileId === undefined || input.fileId === lastingIdOf(now);
    const endBytes = now.isFile() ? ((isSame ? input.sizeBytes : undefined) ?? Number(now.size)) : undefined;
    const readBytes = yield* handleChunks(handle, endBytes);
    if (endBytes !== undefined && readBytes < endBytes)
      onLoss({
        what: input.name,
        why: `was truncated while it was read: ${sizeText(readBytes)} of ${sizeText(endBytes)} are used`,
      });
  } finally {
    await handle.close();
  }
}

/** Reads one chunk ahead, so that the disk works while the reader does. */
async function* handleChunks(
  handle: FileHandle,
  endBytes: number | undefined,
): AsyncGenerator<Buffer, number, undefined> {
  const readAt = (at: number): Promise<Buffer> => {
    const wanted = endBytes === undefined ? pipeChunkBytes : Math.min(fileChunkBytes, endBytes - at);
    if (wanted <= 0) return Promise.resolve(Buffer.alloc(0));
    const buffer = Buffer.allocUnsafeSlow(wanted);
    const position = endBytes === undefined ? null : at;
    return handle.read(buffer, 0, wanted, position).then(({ bytesRead }) => buffer.subarray(0, bytesRead));
  };
  let at = 0;
  let coming = readAt(0);
  try {
    for (;;) {
      const chunk = await coming;
      if (chunk.length === 0) return at;
      at += chunk.length;
      coming = readAt(at);
      // A failure is told when this chunk has been used, not as one that nobody awaits.
      coming.catch(() => {});
      yield chunk;
    }
  } finally {
    await coming.catch(() => {});
  }
}

/** Opens the file that was found, under the name a rotation has given it since if need be. */
async function openSame(input: LogInput, path: string, onLoss: OnLoss): Promise<FileHandle | undefined> {
  const now = await stat(path, { bigint: true }).catch((error: unknown) => error);
  if (isStat(now) && (input.fileId === undefined || lastingIdOf(now) === input.fileId)) return open(path);
  const renamed = input.fileId === undefined ? undefined : await renamedTo(path, input.fileId);
  if (renamed !== undefined) return open(renamed);
  if (isStat(now)) {
    onLoss({
      what: input.name,
      why: "was rotated away after it was found, and is not in its folder any more: the new file under its name is read",
    });
    return open(path);
  }
  const compressed = await compressedAs(path);
  if (compressed !== undefined) return open(compressed);
  onLoss({ what: input.name, why: `cannot be read any more: ${failureOf(now)}` });
  return undefined;
}

const isStat = (value: unknown): value is BigIntStats =>
  typeof value === "object" && value !== null && "ino" in value;

/** A rotation that compresses puts another file beside the one it removes, with the same lines. */
async function compressedAs(path: string): Promise<string | undefined> {
  for (const suffix of [".gz", ".zst", ".bz2"])
    if (await stat(path + suffix).catch(() => undefined)) return path + suffix;
  return undefined;
}

async function renamedTo(path: string, fileId: string): Promise<string | undefined> {
  const folder = dirname(path);
  for (const name of (await readdir(folder).catch(() => [])).sort()) {
    const other = await stat(join(folder, name), { bigint: true }).catch(() => undefined);
    if (other?.isFile() === true && lastingIdOf(other) === fileId) return join(folder, name);
  }
  return undefined;
}

/** `process.stdin` is another stream in a worker thread: there the descriptor is read itself. */
async function* stdinChunks(): Chunks {
  if (fstatSync(0).isFile()) yield* descriptorChunks(0, fileChunkBytes);
  else if (isMainThread) yield* process.stdin as AsyncIterable<Buffer>;
  else yield* descriptorChunks(0, pipeChunkBytes);
}

const readDescriptor = promisify(read);

async function* descriptorChunks(descriptor: number, chunkBytes: number): Chunks {
  for (;;) {
    const buffer = Buffer.allocUnsafeSlow(chunkBytes);
    try {
      const { bytesRead } = await readDescriptor(descriptor, buffer, 0, buffer.length, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EOF") return;
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      await delay(retryMs);
    }
  }
}
