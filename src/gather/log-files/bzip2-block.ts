import type { BitReader } from "./bit-reader.ts";
import { type Code, readCode } from "./bzip2-code.ts";
import { type Coding, readSymbols } from "./bzip2-symbols.ts";
import { untransformed } from "./bzip2-transform.ts";

/**
 * Decodes one block of a bzip2 stream, `bits` just past its mark and checksum. `work` has one word per
 * byte the stream's block size allows. Gives its text, or undefined when it is damaged or cut.
 */
export function readBlock(bits: BitReader, work: Uint32Array): Buffer | undefined {
  // Blocks shuffled at random were last written by bzip2 0.9.0 in 1998 and are not read.
  if (bits.isSet()) return undefined;
  const origin = bits.read(24);
  const coding = readCoding(bits);
  if (coding === undefined) return undefined;
  const length = readSymbols(bits, coding, work);
  if (length === undefined || bits.isPastEnd || origin >= length) return undefined;
  return untransformed(work.subarray(0, length), origin);
}

function readCoding(bits: BitReader): Coding | undefined {
  const alphabet = readAlphabet(bits);
  const codeCount = bits.read(3);
  const selectorCount = bits.read(15);
  if (alphabet.length === 0 || codeCount < 2 || codeCount > 6 || selectorCount === 0) return undefined;
  const selectors = readSelectors(bits, codeCount, selectorCount);
  if (selectors === undefined) return undefined;
  const codes: Code[] = [];
  for (let i = 0; i < codeCount; i++) {
    const code = readCode(bits, alphabet.length + 2);
    if (code === undefined) return undefined;
    codes.push(code);
  }
  return { alphabet, codes, selectors };
}

/** A map of 16 ranges of 16 bytes, then which bytes of each range occur. */
function readAlphabet(bits: BitReader): Uint8Array {
  const ranges = bits.read(16);
  const alphabet: number[] = [];
  for (let range = 0; range < 16; range++) {
    if ((ranges & (0x8000 >>> range)) === 0) continue;
    const used = bits.read(16);
    for (let i = 0; i < 16; i++) if ((used & (0x8000 >>> i)) !== 0) alphabet.push(range * 16 + i);
  }
  return Uint8Array.from(alphabet);
}

function readSelectors(bits: BitReader, codeCount: number, selectorCount: number): Uint8Array | undefined {
  const selectors = new Uint8Array(selectorCount);
  const recent = Array.from({ length: codeCount }, (_, index) => index);
  for (let i = 0; i < selectorCount; i++) {
    let place = 0;
    while (bits.isSet()) if (++place >= codeCount) return undefined;
    if (bits.isPastEnd) return undefined;
    const [selector] = recent.splice(place, 1);
    recent.unshift(selector!);
    selectors[i] = selector!;
  }
  return selectors;
}
