/**
 * Texts are known by two 32-bit lanes of their bytes. Among n texts by chance two share both lanes with a
 * probability of n² ÷ 2^65: 10⁻⁹ for the 200,000 that a table holds at most. A client that searches for such a pair
 * can only move its own requests from one count to another.
 */
const seed1 = 0x811c9dc5 | 0;
const seed2 = 0x9e3779b9 | 0;

const mix1 = (h: number, byte: number): number => Math.imul(h ^ byte, 0x01000193);
const mix2 = (h: number, byte: number): number => Math.imul(h ^ byte, 0x85ebca6b) ^ (h >>> 13);

/** Hashes bytes, four at a time. One object is used again and again. */
export class Lanes {
  h1 = 0;
  h2 = 0;

  hash(b: Uint8Array, from: number, to: number): void {
    this.start();
    this.mix(b, from, to);
  }

  start(): void {
    this.h1 = seed1;
    this.h2 = seed2;
  }

  /** The length counts, too: texts one after the other are told from the same bytes in another place. */
  mix(b: Uint8Array, from: number, to: number): void {
    let { h1, h2 } = this;
    let p = from;
    for (const stop = to - 3; p < stop; p += 4) {
      const word = b[p]! | (b[p + 1]! << 8) | (b[p + 2]! << 16) | (b[p + 3]! << 24);
      h1 = mix1(h1, word);
      h2 = mix2(h2, word);
      h1 ^= h1 >>> 15;
    }
    let rest = to - from;
    for (; p < to; p++) rest = (rest << 8) ^ b[p]!;
    h1 = mix1(h1, rest);
    this.h2 = mix2(h2, rest);
    this.h1 = h1 ^ (h1 >>> 15);
  }

  mixNumber(value: number): void {
    this.h1 = mix1(this.h1, value);
    this.h2 = mix2(this.h2, value);
  }
}

/** 52 bits of the lanes of a text's UTF-16 code units: its place in an order that has nothing to do with its meaning. */
export function hashOfText(text: string): number {
  let h1 = seed1;
  let h2 = seed2;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    h1 = mix1(h1, c);
    h2 = mix2(h2, c);
  }
  h1 = Math.imul(h1 ^ (h1 >>> 16), 0x7feb352d);
  return ((h1 ^ (h1 >>> 15)) >>> 0) * 0x100000 + ((h2 >>> 0) & 0xfffff);
}

/** Numbers of one entry: both lanes, value + 1 (0: free), and one unused, so that an entry lies in one line of the cache. */
const stride = 4;

/** Small integers by the two lanes of a text. Forgets all of them when it is full. */
export class LaneTable {
  readonly #maxSize: number;
  #size = 0;
  #entries = new Int32Array(256 * stride);
  #mask = 255;

  constructor(maxSize: number) {
    this.#maxSize = maxSize;
  }

  /** -1: not known. */
  get(h1: number, h2: number): number {
    const entries = this.#entries;
    const mask = this.#mask;
    for (let i = (h1 ^ (h1 >>> 15)) & mask; ; i = (i + 1) & mask) {
      const at = i * stride;
      const value = entries[at + 2]! - 1;
      if (value === -1 || (entries[at] === h1 && entries[at + 1] === h2)) return value;
    }
  }

  set(h1: number, h2: number, value: number): void {
    if (this.#size >= this.#maxSize) this.#rebuild(256, false);
    if (this.#size * 2 >= this.#mask) this.#rebuild((this.#mask + 1) * 2, true);
    this.#put(h1, h2, value + 1);
  }

  #put(h1: number, h2: number, stored: number): void {
    let i = (h1 ^ (h1 >>> 15)) & this.#mask;
    while (this.#entries[i * stride + 2] !== 0) i = (i + 1) & this.#mask;
    this.#entries[i * stride] = h1;
    this.#entries[i * stride + 1] = h2;
    this.#entries[i * stride + 2] = stored;
    this.#size++;
  }

  #rebuild(length: number, keeps: boolean): void {
    const old = this.#entries;
    this.#entries = new Int32Array(length * stride);
    this.#mask = length - 1;
    this.#size = 0;
    if (!keeps) return;
    for (let at = 0; at < old.length; at += stride) {
      if (old[at + 2] !== 0) this.#put(old[at]!, old[at + 1]!, old[at + 2]!);
    }
  }
}
