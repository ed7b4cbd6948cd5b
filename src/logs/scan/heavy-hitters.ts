import { Lanes } from "./lanes.ts";

/** Keys that a sketch holds at most; a purge leaves about half of them. */
const maxKeys = 512;
/** Bytes of a key that are kept to name it: the longest IPv6 address has 45. */
const keyBytes = 48;

/** Numbers of one entry: both lanes, count, length of the text. */
const stride = 4;

const lanes = new Lanes();
const smallCounts = 64;
/** How many keys have each small count; filled anew by every purge. */
const keysByCount = new Uint16Array(smallCounts);

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
  /** Keys side by side, in order of appearance, so that few of them fill few lines of the cache: one more than half of `#index`. */
  #entries = new Int32Array(17 * stride);
  #texts = new Uint8Array(17 * keyBytes);
  /** Place of a key + 1 by its first lane; 0: free. */
  #index = new Uint16Array(32);
  #mask = 31;

  /** Counts the key in `bytes` from `from` to `to`, whose lanes are `h1` and `h2`. */
  add(h1: number, h2: number, bytes: Uint8Array, from: number, to: number, count: number): void {
    const entries = this.#entries;
    const index = this.#index;
    const mask = this.#mask;
    let i = (h1 ^ (h1 >>> 15)) & mask;
    for (let place = index[i]!; place !== 0; place = index[i]!) {
      const at = (place - 1) * stride;
      if (entries[at] === h1 && entries[at + 1] === h2) {
        entries[at + 2]! += count;
        return;
      }
      i = (i + 1) & mask;
    }
    this.#append(h1, h2, bytes, from, to, count);
    index[i] = this.size;
    if (this.size > maxKeys) this.#purge();
    else if (this.size * 2 > mask + 1) this.#grow();
  }

  addText(key: string, count: number): void {
    const bytes = Buffer.from(key, "utf8");
    lanes.hash(bytes, 0, bytes.length);
    this.add(lanes.h1, lanes.h2, bytes, 0, bytes.length, count);
  }

  data(): HittersData {
    const keys: string[] = [];
    const counts: number[] = [];
    for (let place = 0; place < this.size; place++) {
      const at = place * stride;
      const length = this.#entries[at + 3]!;
      keys.push(Buffer.from(this.#texts.buffer, place * keyBytes, length).toString("utf8"));
      counts.push(this.#entries[at + 2]!);
    }
    return { keys, counts, offset: this.offset };
  }

  merge({ keys, counts, offset }: HittersData): void {
    keys.forEach((key, i) => this.addText(key, counts[i]!));
    this.offset += offset;
  }

  #append(h1: number, h2: number, bytes: Uint8Array, from: number, to: number, count: number): void {
    const place = this.size++;
    const at = place * stride;
    const entries = this.#entries;
    const length = Math.min(to - from, keyBytes);
    entries[at] = h1;
    entries[at + 1] = h2;
    entries[at + 2] = count;
    entries[at + 3] = length;
    const texts = this.#texts;
    const textAt = place * keyBytes;
    for (let k = 0; k < length; k++) texts[textAt + k] = bytes[from + k]!;
  }

  /** Takes the median from every count; the keys that are left move together. */
  #purge(): void {
    const entries = this.#entries;
    const taken = this.#median();
    this.offset += taken;
    let kept = 0;
    for (let place = 0; place < this.size; place++) {
      const at = place * stride;
      const left = entries[at + 2]! - taken;
      if (left <= 0) continue;
      const to = kept * stride;
      entries[to] = entries[at]!;
      entries[to + 1] = entries[at + 1]!;
      entries[to + 2] = left;
      entries[to + 3] = entries[at + 3]!;
      if (kept !== place)
        this.#texts.copyWithin(kept * keyBytes, place * keyBytes, place * keyBytes + entries[at + 3]!);
      kept++;
    }
    this.size = kept;
    this.#fillIndex();
  }

  /** Most counts are small: these are found without sorting. */
  #median(): number {
    keysByCount.fill(0);
    for (let place = 0; place < this.size; place++) {
      const count = this.#entries[place * stride + 2]!;
      if (count < smallCounts) keysByCount[count]!++;
    }
    const rank = maxKeys >> 1;
    let below = 0;
    for (let count = 0; count < smallCounts; count++) {
      below += keysByCount[count]!;
      if (below > rank) return count;
    }
    return Int32Array.from({ length: this.size }, (_, place) => this.#entries[place * stride + 2]!).sort()[
      rank
    ]!;
  }

  #grow(): void {
    const [entries, texts] = [this.#entries, this.#texts];
    const places = this.#mask + 2;
    this.#entries = new Int32Array(places * stride);
    this.#entries.set(entries);
    this.#texts = new Uint8Array(places * keyBytes);
    this.#texts.set(texts);
    this.#mask = this.#mask * 2 + 1;
    this.#index = new Uint16Array(this.#mask + 1);
    this.#fillIndex();
  }

  #fillIndex(): void {
    const index = this.#index.fill(0);
    for (let place = 0; place < this.size; place++) {
      const h1 = this.#entries[place * stride]!;
      let i = (h1 ^ (h1 >>> 15)) & this.#mask;
      while (index[i] !== 0) i = (i + 1) & this.#mask;
      index[i] = place + 1;
    }
  }
}
