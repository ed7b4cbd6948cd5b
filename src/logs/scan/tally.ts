/** How values of one column are put together. */
export type Combine = "sum" | "min" | "max";

/** What a tally counted, as plain data for another thread: of each cell the two numbers of its pair, then its values. */
export type TallyData = Float64Array<ArrayBuffer>;

const emptyOf = { sum: 0, min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY } as const;
const free = -1;
const pairBase = 2 ** 32;
const bOffset = 2 ** 31;

/**
 * Numbers kept per pair of integers: `a` from 0 to 2²¹, `b` of 32 bits. Everything of a cell lies side by side (its pair as one number,
 * then a number per column), so that counting costs one look into memory.
 */
export class Tally {
  size = 0;
  /** Grows with every move of the cells: places that were remembered are no longer theirs. */
  moves = 0;
  cells: Float64Array<ArrayBuffer>;
  readonly #combine: readonly Combine[];
  readonly #stride: number;
  #mask = 63;

  constructor(...combine: readonly Combine[]) {
    this.#combine = combine;
    this.#stride = combine.length + 1;
    this.cells = this.#empty();
  }

  /** Place of the first value of a pair in `cells`, made when it is new. */
  slot(a: number, b: number): number {
    const at = this.#seek(a, b);
    if (this.cells[at] !== free) return at + 1;
    if ((this.size + 1) * 2 > this.#mask) {
      this.#grow();
      return this.slot(a, b);
    }
    this.size++;
    this.cells[at] = a * pairBase + (b + bOffset);
    return at + 1;
  }

  has(a: number, b: number): boolean {
    return this.cells[this.#seek(a, b)] !== free;
  }

  add(a: number, b: number, column: number, count = 1): void {
    const slot = this.slot(a, b);
    this.cells[slot + column]! += count;
  }

  /** Calls `take` for every cell; its values begin at `cells[at]`. */
  each(take: (a: number, b: number, cells: Float64Array, at: number) => void): void {
    const { cells } = this;
    const stride = this.#stride;
    for (let at = 0; at < cells.length; at += stride) {
      const key = cells[at]!;
      if (key === free) continue;
      const a = Math.floor(key / pairBase);
      take(a, key - a * pairBase - bOffset, cells, at + 1);
    }
  }

  data(): TallyData {
    const values = this.#stride - 1;
    const data = new Float64Array(this.size * (values + 2));
    let to = 0;
    this.each((a, b, cells, at) => {
      data[to++] = a;
      data[to++] = b;
      for (let i = 0; i < values; i++) data[to++] = cells[at + i]!;
    });
    return data;
  }

  /** Puts in what another tally counted; the functions give its pairs their numbers here. */
  merge(data: TallyData, mapA: (a: number) => number, mapB: (b: number) => number): void {
    const width = this.#stride + 1;
    for (let at = 0; at < data.length; at += width) {
      const slot = this.slot(mapA(data[at]!), mapB(data[at + 1]!));
      for (let column = 0; column < width - 2; column++) this.#put(slot, column, data[at + 2 + column]!);
    }
  }

  #put(slot: number, column: number, value: number): void {
    const { cells } = this;
    const at = slot + column;
    const how = this.#combine[column];
    if (how === "sum") cells[at]! += value;
    else cells[at] = how === "min" ? Math.min(cells[at]!, value) : Math.max(cells[at]!, value);
  }

  /** Place of the pair's key, or of the free cell where it would be. */
  #seek(a: number, b: number): number {
    const { cells } = this;
    const mask = this.#mask;
    const stride = this.#stride;
    const key = a * pairBase + (b + bOffset);
    for (let i = hash(a, b) & mask; ; i = (i + 1) & mask) {
      const at = i * stride;
      const found = cells[at]!;
      if (found === key || found === free) return at;
    }
  }

  #empty(): Float64Array<ArrayBuffer> {
    const cells = new Float64Array((this.#mask + 1) * this.#stride);
    for (let at = 0; at < cells.length; at += this.#stride) {
      cells[at] = free;
      this.#combine.forEach((how, column) => {
        cells[at + 1 + column] = emptyOf[how];
      });
    }
    return cells;
  }

  #grow(): void {
    const old = this.cells;
    const stride = this.#stride;
    this.#mask = this.#mask * 2 + 1;
    this.moves++;
    this.cells = this.#empty();
    for (let from = 0; from < old.length; from += stride) {
      const key = old[from]!;
      if (key === free) continue;
      const a = Math.floor(key / pairBase);
      const at = this.#seek(a, key - a * pairBase - bOffset);
      for (let i = 0; i < stride; i++) this.cells[at + i] = old[from + i]!;
    }
  }
}

function hash(a: number, b: number): number {
  const h = Math.imul(a ^ Math.imul(b, 0x9e3779b1), 0x85ebca6b);
  return h ^ (h >>> 15);
}
