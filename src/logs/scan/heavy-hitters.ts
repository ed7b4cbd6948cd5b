import { mix1, mix2, seed1, seed2 } from "./lanes.ts";

/** Keys that a sketch holds at most; a purge leaves about half of them. */
const maxKeys = 1024;
/** Bytes of a key that are kept to name it: the longest IPv6 address has 45. */
const keyBytes = 48;

export interface HittersData {
  readonly keys: readonly string[];
  readonly counts: Float64Array<ArrayBuffer>;
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
  #lane1 = new Int32Array(32);
  #lane2 = new Int32Array(32);
  /** 0 is a free place. */
  #counts = new Float64Array(32);
  #lengths = new Uint8Array(32);
  #texts = new Uint8Array(32 * keyBytes);

  /** Counts the key in `bytes` from `from` to `to`, whose lanes are `h1` and `h2`. */
  add(h1: number, h2: number, bytes: Uint8Array, from: number, to: number, count: number): void {
    const mask = this.#counts.length - 1;
    let at = (h1 ^ (h1 >>> 15)) & mask;
    while (this.#counts[at] !== 0) {
      if (this.#lane1[at] === h1 && this.#lane2[at] === h2) {
        this.#counts[at]! += count;
        return;
      }
      at = (at + 1) & mask;
    }
    this.#place(at, h1, h2, bytes, from, to, count);
    if (this.size > maxKeys) this.#purge();
    else if (this.size * 2 > this.#counts.length) this.#rebuild(this.#counts.length * 2, 0);
  }

  addText(key: string, count: number): void {
    const bytes = Buffer.from(key, "utf8");
    let h1 = seed1;
    let h2 = seed2;
    for (const byte of bytes) {
      h1 = mix1(h1, byte);
      h2 = mix2(h2, byte);
    }
    this.add(h1, h2, bytes, 0, bytes.length, count);
  }

  data(): HittersData {
    const places = [...this.#counts.keys()].filter((i) => this.#counts[i] !== 0);
    return {
      keys: places.map((i) =>
        Buffer.from(this.#texts.buffer, i * keyBytes, this.#lengths[i]).toString("utf8"),
      ),
      counts: Float64Array.from(places, (i) => this.#counts[i]!),
      offset: this.offset,
    };
  }

  merge({ keys, counts, offset }: HittersData): void {
    keys.forEach((key, i) => this.addText(key, counts[i]!));
    this.offset += offset;
  }

  #place(
    at: number,
    h1: number,
    h2: number,
    bytes: Uint8Array,
    from: number,
    to: number,
    count: number,
  ): void {
    const length = Math.min(to - from, keyBytes);
    this.#lane1[at] = h1;
    this.#lane2[at] = h2;
    this.#counts[at] = count;
    this.#lengths[at] = length;
    for (let i = 0; i < length; i++) this.#texts[at * keyBytes + i] = bytes[from + i]!;
    this.size++;
  }

  #purge(): void {
    const counts = this.#counts.filter((count) => count !== 0).sort();
    const median = counts[counts.length >> 1]!;
    this.offset += median;
    this.#rebuild(this.#counts.length, median);
  }

  /** Puts all keys into new arrays, each with `taken` less. */
  #rebuild(length: number, taken: number): void {
    const [lane1, lane2, counts] = [this.#lane1, this.#lane2, this.#counts];
    const [lengths, texts] = [this.#lengths, this.#texts];
    this.#lane1 = new Int32Array(length);
    this.#lane2 = new Int32Array(length);
    this.#counts = new Float64Array(length);
    this.#lengths = new Uint8Array(length);
    this.#texts = new Uint8Array(length * keyBytes);
    this.size = 0;
    for (let i = 0; i < counts.length; i++) {
      if (counts[i]! <= taken) continue;
      const h1 = lane1[i]!;
      let at = (h1 ^ (h1 >>> 15)) & (length - 1);
      while (this.#counts[at] !== 0) at = (at + 1) & (length - 1);
      this.#place(at, h1, lane2[i]!, texts, i * keyBytes, i * keyBytes + lengths[i]!, counts[i]! - taken);
    }
  }
}
