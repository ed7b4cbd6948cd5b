import type { BitReader } from "./bit-reader.ts";

/** The longest code a stream may use. */
export const longestCodeBits = 20;
const fastBits = 10;

/** A Huffman code of one bzip2 table. Codes are looked up in the next `longestCodeBits` bits. */
export interface Code {
  /** By the first `fastBits` bits: symbol * 32 + length, 0 for a longer code. */
  readonly fast: Uint16Array;
  /** By length: the first value, in `longestCodeBits` bits, that is past the codes of this length. */
  readonly limits: Uint32Array;
  /** By length: what a value's first `length` bits are short of its place in `symbols`. */
  readonly offsets: Int32Array;
  readonly symbols: Uint16Array;
}

/** Reads the code lengths of one table; undefined when they cannot be a code. */
export function readCode(bits: BitReader, symbolCount: number): Code | undefined {
  const lengths = new Uint8Array(symbolCount);
  let length = bits.read(5);
  for (let symbol = 0; symbol < symbolCount; symbol++) {
    for (;;) {
      if (length < 1 || length > longestCodeBits || bits.isPastEnd) return undefined;
      if (!bits.isSet()) break;
      length += bits.isSet() ? -1 : 1;
    }
    lengths[symbol] = length;
  }
  return codeOf(lengths);
}

/** Canonical codes: shorter first, equal lengths in the order of the symbols. */
function codeOf(lengths: Uint8Array): Code | undefined {
  const code: Code = {
    fast: new Uint16Array(1 << fastBits),
    limits: new Uint32Array(longestCodeBits + 1),
    offsets: new Int32Array(longestCodeBits + 1),
    symbols: new Uint16Array(lengths.length),
  };
  let next = 0;
  let place = 0;
  for (let length = 1; length <= longestCodeBits; length++) {
    next *= 2;
    code.offsets[length] = place - next;
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] !== length) continue;
      if (next >= 2 ** length) return undefined;
      code.symbols[place++] = symbol;
      if (length <= fastBits) {
        const from = next << (fastBits - length);
        code.fast.fill((symbol << 5) | length, from, from + (1 << (fastBits - length)));
      }
      next++;
    }
    code.limits[length] = next * 2 ** (longestCodeBits - length);
  }
  return code;
}

/** The code at the start of `window` (`longestCodeBits` bits) as symbol * 32 + length; 0 when there is none. */
export function lookUp(code: Code, window: number): number {
  const quick = code.fast[window >>> (longestCodeBits - fastBits)]!;
  if (quick !== 0) return quick;
  for (let length = fastBits + 1; length <= longestCodeBits; length++) {
    if (window >= code.limits[length]!) continue;
    const place = (window >>> (longestCodeBits - length)) + code.offsets[length]!;
    return (code.symbols[place]! << 5) | length;
  }
  return 0;
}
