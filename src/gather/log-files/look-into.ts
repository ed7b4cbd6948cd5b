import { type FileHandle, open } from "node:fs/promises";
import { ByteSource } from "./byte-source.ts";
import { decoders } from "./decoders.ts";
import type { LogInput } from "./log-input.ts";
import { codecOf, isTar, magicBytes, utf16Of } from "./magic.ts";

const chunkBytes = 64 * 1024;
/** A block of bzip2 is decoded whole or not at all, and takes up to this. */
const mostBytes = 3 * 1024 * 1024;

export interface Look extends Pick<LogInput, "codec" | "archive" | "encoding"> {
  /** The first bytes, decompressed: empty when nothing could be. */
  readonly head: Buffer;
}

/** What a file is, by its first bytes. Throws what the operating system throws when it cannot be read. */
export async function lookInto(path: string): Promise<Look> {
  const handle = await open(path);
  try {
    const source = new ByteSource(firstChunks(handle));
    const codec = codecOf(await source.peek(magicBytes));
    const content = codec === "none" ? source : new ByteSource(decoders[codec](source));
    const head = (await content.peek(magicBytes)).subarray(0, chunkBytes);
    await content.close();
    const encoding = utf16Of(head);
    return {
      codec,
      ...(isTar(head) ? { archive: "tar" as const } : {}),
      ...(encoding === undefined ? {} : { encoding }),
      head,
    };
  } finally {
    await handle.close();
  }
}

async function* firstChunks(handle: FileHandle): AsyncGenerator<Buffer, void, undefined> {
  for (let at = 0; at < mostBytes; at += chunkBytes) {
    const buffer = Buffer.allocUnsafeSlow(chunkBytes);
    const { bytesRead } = await handle.read(buffer, 0, chunkBytes, at);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}
