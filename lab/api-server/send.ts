import type { ServerResponse } from "node:http";
import { createGzip, constants, type Gzip } from "node:zlib";
import type { Answer, Outlet } from "./answer.ts";

/** Answers smaller than this are not compressed (kubernetes/apiserver, defaultGzipThresholdBytes). */
const gzipThresholdBytes = 128 * 1024;
const writeBytes = 64 * 1024;

export interface Sent {
  /** Bytes of the body on the wire, after compression. */
  bytes: number;
  /** Bytes of the body before compression. */
  plainBytes: number;
}

export interface SendOptions {
  readonly acceptsGzip: boolean;
  /** Ends the body in its middle: whole as HTTP ("cut"), or by closing the connection ("reset"). */
  readonly spoil?: "cut" | "reset";
}

/** Writes an answer, never faster than the client reads. Resolves when it is sent or the client is gone. */
export async function send(
  response: ServerResponse,
  answer: Answer,
  sent: Sent,
  options: SendOptions,
): Promise<void> {
  const blocks = gather(answer.body);
  const first: Buffer[] = [];
  let firstBytes = 0;
  for (let next = blocks.next(); next.done !== true; next = blocks.next()) {
    first.push(next.value);
    firstBytes += next.value.length;
    if (options.spoil === undefined && firstBytes >= gzipThresholdBytes) break;
  }
  if (options.spoil !== undefined) return sendHalf(response, answer, sent, first, options.spoil);
  const isCompressed =
    options.acceptsGzip &&
    answer.contentType.startsWith("application/json") &&
    firstBytes >= gzipThresholdBytes;
  const gzip =
    isCompressed && answer.hold === undefined ? createGzip({ level: constants.Z_BEST_SPEED }) : undefined;
  writeHead(response, answer, gzip !== undefined);
  const body = chain(first, blocks);
  if (gzip === undefined) await writeBlocks(response, body, sent);
  else await writeCompressed(response, body, sent, gzip);
  if (answer.hold !== undefined && !response.destroyed) return hold(response, answer.hold, sent);
  response.end();
}

function writeHead(response: ServerResponse, answer: Answer, isCompressed: boolean): void {
  response.writeHead(answer.code, {
    "Content-Type": answer.contentType,
    "Cache-Control": "no-cache, private",
    ...(isCompressed ? { "Content-Encoding": "gzip", Vary: "Accept-Encoding" } : {}),
    ...answer.headers,
  });
  response.flushHeaders();
}

function sendHalf(
  response: ServerResponse,
  answer: Answer,
  sent: Sent,
  blocks: readonly Buffer[],
  spoil: "cut" | "reset",
): void {
  const whole = Buffer.concat(blocks);
  const half = whole.subarray(0, Math.ceil(whole.length / 2));
  sent.bytes += half.length;
  sent.plainBytes += half.length;
  writeHead(response, answer, false);
  if (spoil === "cut") response.end(half);
  else response.write(half, () => response.destroy());
}

/** Joins small pieces: one write per object would cost more than the objects. */
function* gather(pieces: Iterable<string | Uint8Array>): Generator<Buffer> {
  let waiting: Uint8Array[] = [];
  let bytes = 0;
  for (const piece of pieces) {
    const block = typeof piece === "string" ? Buffer.from(piece) : piece;
    waiting.push(block);
    bytes += block.length;
    if (bytes < writeBytes) continue;
    yield Buffer.concat(waiting);
    waiting = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(waiting);
}

function* chain(first: readonly Buffer[], rest: Generator<Buffer>): Generator<Buffer> {
  yield* first;
  for (let next = rest.next(); next.done !== true; next = rest.next()) yield next.value;
}

async function writeBlocks(response: ServerResponse, blocks: Iterable<Buffer>, sent: Sent): Promise<void> {
  for (const block of blocks) {
    if (response.destroyed) return;
    sent.bytes += block.length;
    sent.plainBytes += block.length;
    if (!response.write(block)) await drained(response);
  }
}

const drained = (stream: ServerResponse | Gzip): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      stream.off("drain", done);
      stream.off("close", done);
      resolve();
    };
    stream.on("drain", done);
    stream.on("close", done);
  });

async function writeCompressed(
  response: ServerResponse,
  blocks: Iterable<Buffer>,
  sent: Sent,
  gzip: Gzip,
): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    gzip.on("end", resolve);
    gzip.on("close", resolve);
  });
  response.on("close", () => gzip.destroy());
  gzip.on("data", (block: Buffer) => {
    sent.bytes += block.length;
    if (!response.write(block)) {
      gzip.pause();
      response.once("drain", () => gzip.resume());
    }
  });
  for (const block of blocks) {
    if (gzip.destroyed) return;
    sent.plainBytes += block.length;
    if (!gzip.write(block)) await drained(gzip);
  }
  gzip.end();
  await ended;
}

function hold(response: ServerResponse, holdOpen: (outlet: Outlet) => void, sent: Sent): Promise<void> {
  return new Promise((resolve) => {
    response.on("close", resolve);
    holdOpen({
      write: (piece) => {
        const bytes = Buffer.byteLength(piece);
        sent.bytes += bytes;
        sent.plainBytes += bytes;
        response.write(piece);
      },
      end: () => response.end(),
      onClose: (callback) => response.on("close", callback),
    });
  });
}
