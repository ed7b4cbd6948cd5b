import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { type Limits, sizeText } from "../../base/limits.ts";

/** Why reading stopped before the end of the input; undefined while nothing went wrong. */
export interface Ending {
  cut?: string;
}

const chunkBytes = 1024 * 1024;

/** Of damaged data zlib gives back nothing of the piece it was fed last, so the pieces are small. */
const fedBytes = 64 * 1024;

/**
 * The bytes of a file, decompressed when it is gzip, in chunks of about 1 MiB. Never throws: a
 * broken or cut stream ends early, after every byte that could be decoded, and `ending.cut` says why.
 */
export async function* decompressed(
  path: string,
  isGzip: boolean,
  limits: Limits,
  ending: Ending,
): AsyncGenerator<Buffer, void, undefined> {
  const file = createReadStream(path, { highWaterMark: isGzip ? fedBytes : chunkBytes });
  const stream = isGzip ? file.pipe(createGunzip({ chunkSize: chunkBytes })) : file;
  file.on("error", (error) => stream.destroy(error));
  let total = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      const room = limits.totalBytes - total;
      total += chunk.length;
      if (chunk.length > room) {
        ending.cut = `it holds more than the limit of ${sizeText(limits.totalBytes)}`;
        yield chunk.subarray(0, room);
        return;
      }
      if (isGzip && total > limits.expansionFromBytes && total > limits.expansion * file.bytesRead) {
        ending.cut = `it expands more than ${limits.expansion}-fold, as an archive made to fill memory does`;
        return;
      }
      yield chunk;
    }
  } catch (error) {
    ending.cut = endingOf(error);
  } finally {
    file.destroy();
    stream.destroy();
  }
}

function endingOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "Z_BUF_ERROR") return "the compressed data ends too early";
  if (code === "Z_DATA_ERROR") return "the compressed data is damaged";
  return error instanceof Error ? error.message : String(error);
}
