import { BitReader } from "./bit-reader.ts";
import { readBlock } from "./bzip2-block.ts";
import { bzip2Checksum } from "./bzip2-transform.ts";
import type { ByteSource } from "./byte-source.ts";
import { type Decoded, type Ending, endsEarly } from "./ending.ts";

const isDamaged = "is damaged (a block makes no sense)";
const isWrong = "is damaged (a checksum does not fit what it holds)";

const blockMark = 0x314159;
const blockMarkEnd = 0x265359;
const endMark = 0x177245;
const endMarkEnd = 0x385090;

/** A block's text is handed on in parts: runs can make 45 MB of one block. */
const partBytes = 1024 * 1024;

/** What the largest block can take compressed: 20 bits a symbol, and its tables. */
const mostBlockBytes = (blockBytes: number): number => blockBytes * 2.5 + 64 * 1024;

/**
 * Decompresses bzip2 with any number of streams one after the other (pbzip2 and lbzip2 write many). A
 * block is checked before it is handed on, so what is yielded is right. Written here because Node has
 * no bzip2 and the packages that have it either hold the whole file or have had no release for years.
 */
export async function* decodeBzip2(source: ByteSource): Decoded {
  for (let isFirst = true; ; isFirst = false) {
    const header = await source.peek(4);
    if (header.length === 0 && !isFirst) return undefined;
    const level = /^BZh([1-9])/.exec(header.toString("latin1", 0, 4))?.[1];
    if (level === undefined) {
      const isCut = "BZh".startsWith(header.toString("latin1", 0, 4)) && header.length < 4;
      return isCut ? endsEarly : "is followed by bytes that are not bzip2";
    }
    source.skip(4);
    const problem = yield* oneStream(source, Number(level) * 100_000);
    if (problem !== undefined) return problem;
  }
}

async function* oneStream(source: ByteSource, blockBytes: number): Decoded {
  const work = new Uint32Array(blockBytes);
  let bitAt = 0;
  let combined = 0;
  for (;;) {
    const seen = await source.peek(mostBlockBytes(blockBytes));
    const bits = new BitReader(seen, bitAt);
    const mark = bits.read(24);
    const markEnd = bits.read(24);
    const checksum = bits.readWord();
    const why = (reason: string): Ending => (isCut(bits, seen, blockBytes) ? endsEarly : reason);
    if (bits.isPastEnd) return endsEarly;
    if (mark === endMark && markEnd === endMarkEnd) {
      source.skip(Math.ceil(bits.bitAt / 8));
      return checksum === combined ? undefined : isWrong;
    }
    if (mark !== blockMark || markEnd !== blockMarkEnd) return why(isDamaged);
    const text = readBlock(bits, work);
    if (text === undefined) return why(isDamaged);
    if (bzip2Checksum(text) !== checksum) return why(isWrong);
    combined = (((combined << 1) | (combined >>> 31)) ^ checksum) >>> 0;
    source.skip(bits.bitAt >>> 3);
    bitAt = bits.bitAt & 7;
    for (let from = 0; from < text.length; from += partBytes) yield text.subarray(from, from + partBytes);
  }
}

/** Whether decoding failed because the file ends inside this block, as far as can be told. */
const isCut = (bits: BitReader, seen: Buffer, blockBytes: number): boolean =>
  seen.length < mostBlockBytes(blockBytes) && bits.isPastEnd;
