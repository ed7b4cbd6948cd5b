/**
 * Texts are known by two 32-bit lanes of their bytes. Among n texts by chance two share both lanes with a
 * probability of n² ÷ 2^65: 10⁻⁹ for the 200,000 that a table holds at most. A client that searches for such a pair
 * can only move its own requests from one count to another.
 */
export const seed1 = 0x811c9dc5 | 0;
export const seed2 = 0x9e3779b9 | 0;

export const mix1 = (h: number, byte: number): number => Math.imul(h ^ byte, 0x01000193);
export const mix2 = (h: number, byte: number): number => Math.imul(h ^ byte, 0x85ebca6b) ^ (h >>> 13);

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

/** Small integers by the two lanes of a text. Forgets all of them when it is full. */
export class LaneTable {
  readonly #maxSize: number;
  #size = 0;
  #lane1 = new Int32Array(256);
  #lane2 = new Int32Array(256);
  /** Value + 1; 0 is free. */
  #values = new Int32Array(256);

  constructor(maxSize: number) {
    this.#maxSize = maxSize;
  }

  /** -1: not known. */
  get(h1: number, h2: number): number {
    const mask = this.#values.length - 1;
    for (let at = (h1 ^ (h1 >>> 15)) & mask; ; at = (at + 1) & mask) {
      const value = this.#values[at]! - 1;
      if (value === -1 || (this.#lane1[at] === h1 && this.#lane2[at] === h2)) return value;
    }
  }

  set(h1: number, h2: number, value: number): void {
    if (this.#size >= this.#maxSize) this.#rebuild(256, false);
    if (this.#size * 2 >= this.#values.length) this.#rebuild(this.#values.length * 2, true);
    this.#put(h1, h2, value + 1);
  }

  #put(h1: number, h2: number, stored: number): void {
    const mask = this.#values.length - 1;
    let at = (h1 ^ (h1 >>> 15)) & mask;
    while (this.#values[at] !== 0) at = (at + 1) & mask;
    this.#lane1[at] = h1;
    this.#lane2[at] = h2;
    this.#values[at] = stored;
    this.#size++;
  }

  #rebuild(length: number, keeps: boolean): void {
    const [lane1, lane2, values] = [this.#lane1, this.#lane2, this.#values];
    this.#lane1 = new Int32Array(length);
    this.#lane2 = new Int32Array(length);
    this.#values = new Int32Array(length);
    this.#size = 0;
    if (!keeps) return;
    for (let i = 0; i < values.length; i++) {
      if (values[i] !== 0) this.#put(lane1[i]!, lane2[i]!, values[i]!);
    }
  }
}
