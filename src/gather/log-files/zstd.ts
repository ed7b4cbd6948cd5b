import type { ByteSource } from "./byte-source.ts";
import { fedBytes, run, zstdEngine } from "./engine.ts";
import { type Decoded, type Ending, endsEarly } from "./ending.ts";
import { isSkippable, zstdMagic } from "./magic.ts";

const isDamaged = "is damaged (the compressed data makes no sense)";

/**
 * Decompresses zstd (RFC 8878) with any number of frames. The frames are walked here and only whole
 * blocks are fed, because zlib's stream stops at the end of a frame and does not tell a cut from an end.
 */
export async function* decodeZstd(source: ByteSource): Decoded {
  let ending: Ending;
  const pieces = framePieces(source);
  let isChecksum = false;
  const chunks = run(zstdEngine(), async () => {
    const { value, done } = await pieces.next();
    if (done === true) {
      ending = value;
      return undefined;
    }
    isChecksum = value.isChecksum;
    return value.bytes;
  });
  const step = yield* chunks;
  if (step.kind !== "damaged") return ending;
  return isChecksum ? "is damaged (its checksum does not fit what it holds)" : isDamaged;
}

interface Piece {
  readonly bytes: Buffer;
  readonly isChecksum: boolean;
}

async function* framePieces(source: ByteSource): AsyncGenerator<Piece, Ending, undefined> {
  for (;;) {
    const magic = await source.peek(8);
    if (magic.length === 0) return undefined;
    if (magic.length < 8) return endsEarly;
    if (isSkippable(magic)) {
      if (!(await skipFrame(source, magic.readUInt32LE(4)))) return endsEarly;
    } else if (magic.readUInt32LE(0) === zstdMagic) {
      const problem = yield* oneFrame(source, magic[4]!);
      if (problem !== undefined) return problem;
    } else return "is followed by bytes that are not zstd";
  }
}

async function skipFrame(source: ByteSource, sizeBytes: number): Promise<boolean> {
  source.skip(8);
  for (let left = sizeBytes; left > 0;) {
    const chunk = await source.next(left);
    if (chunk === undefined) return false;
    left -= chunk.length;
  }
  return true;
}

/** Magic, descriptor, window, dictionary id and content size (RFC 8878 3.1.1.1). */
function headerBytes(descriptor: number): number {
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const sizeFlag = descriptor >> 6;
  const contentSizeBytes = sizeFlag === 0 ? (isSingleSegment ? 1 : 0) : 1 << sizeFlag;
  return 5 + (isSingleSegment ? 0 : 1) + [0, 1, 2, 4][descriptor & 3]! + contentSizeBytes;
}

async function* oneFrame(source: ByteSource, descriptor: number): AsyncGenerator<Piece, Ending, undefined> {
  const header = await source.take(headerBytes(descriptor));
  if (header.length < headerBytes(descriptor)) return endsEarly;
  yield { bytes: header, isChecksum: false };
  for (let isLast = false; !isLast;) {
    const blocks = await wholeBlocks(source);
    if (blocks.bytes.length > 0) yield { bytes: blocks.bytes, isChecksum: false };
    if (blocks.problem !== undefined) return blocks.problem;
    ({ isLast } = blocks);
  }
  if ((descriptor & 4) === 0) return undefined;
  const checksum = await source.take(4);
  if (checksum.length < 4) return endsEarly;
  yield { bytes: checksum, isChecksum: true };
  return undefined;
}

interface Blocks {
  readonly bytes: Buffer;
  readonly isLast: boolean;
  readonly problem?: string;
}

async function wholeBlocks(source: ByteSource): Promise<Blocks> {
  let end = 0;
  let isLast = false;
  let problem: string | undefined;
  while (!isLast && end < fedBytes) {
    const seen = await source.peek(end + 3);
    if (seen.length < end + 3) problem = endsEarly;
    else {
      const block = seen.readUIntLE(end, 3);
      const type = (block >> 1) & 3;
      // A block of one repeated byte has its length in the header and one byte of content.
      const next = end + 3 + (type === 1 ? 1 : block >> 3);
      if (type === 3) problem = isDamaged;
      else if ((await source.peek(next)).length < next) problem = endsEarly;
      else {
        end = next;
        isLast = (block & 1) === 1;
      }
    }
    if (problem !== undefined) break;
  }
  return { bytes: await source.take(end), isLast, ...(problem === undefined ? {} : { problem }) };
}
