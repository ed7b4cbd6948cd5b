import type { BitReader } from "./bit-reader.ts";
import { type Code, longestCodeBits, lookUp } from "./bzip2-code.ts";

/** Symbols coded with one table before the next selector is taken. */
const groupSymbols = 50;

export interface Coding {
  /** Bytes that occur in the block, in order: the start of the move-to-front list. */
  readonly alphabet: Uint8Array;
  readonly codes: readonly Code[];
  /** Which code each group of symbols uses. */
  readonly selectors: Uint8Array;
}

/**
 * Decodes the block's symbols (Huffman, runs of the front byte, move to front) into the low bytes of
 * `into` and gives their number; undefined when they are no block.
 */
export function readSymbols(bits: BitReader, coding: Coding, into: Uint32Array): number | undefined {
  const filled = symbolsInto(bits, coding, into);
  return filled < 0 ? undefined : filled;
}

const noBlock = -1;

function symbolsInto(bits: BitReader, coding: Coding, into: Uint32Array): number {
  const { codes, selectors } = coding;
  const list = Uint8Array.from(coding.alphabet);
  const endSymbol = list.length + 1;
  const { bytes } = bits;
  let at = bits.bitAt >>> 3;
  let held = bytes[at++] ?? 0;
  let heldBits = 8 - (bits.bitAt & 7);
  let code = codes[0]!;
  let group = 0;
  let groupLeft = 0;
  let filled = 0;
  let run = 0;
  let runPlace = 1;
  let result = noBlock;
  for (;;) {
    if (groupLeft === 0) {
      if (group >= selectors.length || at > bytes.length + 4) break;
      code = codes[selectors[group++]!]!;
      groupLeft = groupSymbols;
    }
    groupLeft--;
    while (heldBits < longestCodeBits) {
      held = (held << 8) | (at < bytes.length ? bytes[at]! : 0);
      at++;
      heldBits += 8;
    }
    const found = lookUp(code, (held >>> (heldBits - longestCodeBits)) & 0xfffff);
    if (found === 0) break;
    heldBits -= found & 31;
    const symbol = found >>> 5;
    if (symbol <= 1) {
      // Run lengths are written in a number system with the digits 1 and 2.
      run += runPlace << symbol;
      runPlace *= 2;
      if (run > into.length) break;
      continue;
    }
    if (run > 0) {
      if (filled + run > into.length) break;
      into.fill(list[0]!, filled, filled + run);
      filled += run;
      run = 0;
      runPlace = 1;
    }
    if (symbol === endSymbol) {
      result = filled;
      break;
    }
    if (filled >= into.length) break;
    into[filled++] = moveToFront(list, symbol - 1);
  }
  bits.bitAt = at * 8 - heldBits;
  return result;
}

function moveToFront(list: Uint8Array, place: number): number {
  const byte = list[place]!;
  if (place > 32) list.copyWithin(1, 0, place);
  else for (let i = place; i > 0; i--) list[i] = list[i - 1]!;
  list[0] = byte;
  return byte;
}
