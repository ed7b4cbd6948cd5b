import { Lanes } from "./lanes.ts";

/** Keys that a sketch holds at most; a purge leaves about half of them. */
const maxKeys = 512;
/** Bytes of a key that are kept to name it: the longest IPv6 address has 45. */
const keyBytes = 48;

/** Numbers of one entry: both lanes, count (0: free), length of the text. */
const stride = 4;

const lanes = new Lanes();
/** Arrays that a purge has left, for the next one. */
let spare = { entries: new Int32Array(0), texts: new Uint8Array(0) };

export interface HittersData {
  readonly keys: readonly string[];
  readonly counts: readonly number[];
  readonly offset: number;
}

/**
 * Counts of the most frequent keys of an unbounded set in bounded memory: when full, the median count is taken
 * from every key and what falls to nothing is forgotten (Misra and Gries, "Finding repeated elements", 1982, with the batches of
 * Anderson et al., "A high-performance algorithm for identifying frequent items in data streams", 2017). With what was taken given
 * back, each count is at most `offset` too high, and every key seen more than `offset` times is there, as with Space-Saving.
 */
export class HeavyHitters {
  offset = 0;
  size = 0;
  #entries = new Int32Array(32 * stride);
  #texts = new Uint8Array(32 * keyBytes);
  #mask = 31;

  /** Counts the key in `bytes` from `from` to `to`, whose lanes are `h1` and `h2`. */
  add(h1: number, h2: number, bytes: Uint8Array, from: number, to: number, count: number): void {
    const entries = this.#entries;
    let i = (h1 ^ (h1 >>> 15)) & this.#mask;
    while (entries[i * stride + 2] !== 0) {
      const at = i * stride;
      if (entries[at] === h1 && entries[at + 1] === h2) {
        entries[at + 2]! += count;
        return;
      }
      i = (i + 1) & this.#mask;
    }
    this.#place(i, h1, h2, bytes, from, to, count);
    if (this.size > maxKeys) this.#purge();
    else if (this.size * 2 > this.#mask) this.#rebuild((this.#mask + 1) * 2, 0);
  }

  addText(key: string, count: number): void {
    const bytes = Buffer.from(key, "utf8");
    lanes.hash(bytes, 0, bytes.length);
    this.add(lanes.h1, lanes.h2, bytes, 0, bytes.length, count);
  }

  data(): HittersData {
    const keys: string[] = [];
    const counts: number[] = [];
    for (let i = 0; i <= this.#mask; i++) {
      const count = this.#entries[i * stride + 2]!;
      if (count === 0) continue;
      const length = this.#entries[i * stride + 3]!;
      keys.push(Buffer.from(this.#texts.buffer, i * keyBytes, length).toString("utf8"));
      counts.push(count);
    }
    return { keys, counts, offset: this.offset };
  }

  merge({ keys, counts, offset }: HittersData): void {
    keys.forEach((key, i) => this.addText(key, counts[i]!));
    this.offset += offset;
  }

  #place(
    i: number,
    h1: number,
    h2: number,
    bytes: Uint8Array,
    from: number,
    to: number,
    count: number,
  ): void {
    const length = Math.min(to - from, keyBytes);
    const at = i * stride;
    this.#entries[at] = h1;
    this.#entries[at + 1] = h2;
    this.#entries[at + 2] = count;
    this.#entries[at + 3] = length;
    for (let k = 0; k < length; k++) this.#texts[i * keyBytes + k] = bytes[from + k]!;
    this.size++;
  }

  #purge(): void {
    const counts = new Int32Array(maxKeys + 1);
    let size = 0;
    for (let at = 2; at < this.#entries.length; at += stride) {
      if (this.#entries[at] !== 0) counts[size++] = this.#entries[at]!;
    }
    const median = counts.sort()[maxKeys >> 1]!;
    this.offset += median;
    this.#rebuild(this.#mask + 1, median);
  }

  #useSpare(length: number): void {
    const isFitting = spare.entries.length === length * stride;
    this.#entries = isFitting ? spare.entries.fill(0) : new Int32Array(length * stride);
    this.#texts = isFitting ? spare.texts : new Uint8Array(length * keyBytes);
  }

  /** Puts all keys into other arrays, each with `taken` less. */
  #rebuild(length: number, taken: number): void {
    const [entries, texts] = [this.#entries, this.#texts];
    if (entries.length === length * stride) this.#useSpare(length);
    else {
      this.#entries = new Int32Array(length * stride);
      this.#texts = new Uint8Array(length * keyBytes);
    }
    this.#mask = length - 1;
    this.size = 0;
    for (let old = 0; old * stride < entries.length; old++) {
      const at = old * stride;
      const left = entries[at + 2]! - taken;
      if (left <= 0) continue;
      const h1 = entries[at]!;
      let i = (h1 ^ (h1 >>> 15)) & this.#mask;
      while (this.#entries[i * stride + 2] !== 0) i = (i + 1) & this.#mask;
      const textAt = old * keyBytes;
      this.#place(i, h1, entries[at + 1]!, texts, textAt, textAt + entries[at + 3]!, left);
    }
    spare = { entries, texts };
  }
}
