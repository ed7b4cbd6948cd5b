/** How values of one column are put together. */
export type Combine = "sum" | "min" | "max";

/** What a tally counted, as plain data for another thread. */
export interface TallyData {
  readonly a: Int32Array<ArrayBuffer>;
  readonly b: Int32Array<ArrayBuffer>;
  readonly columns: readonly Float64Array<ArrayBuffer>[];
}

const emptyOf = { sum: 0, min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY } as const;

/** Numbers kept per pair of small integers (bucket and status, bucket and second, …), in flat arrays. */
export class Tally {
  size = 0;
  a = new Int32Array(64);
  b = new Int32Array(64);
  readonly columns: Float64Array<ArrayBuffer>[];
  readonly #combine: readonly Combine[];
  /** Slot + 1 by hash of the pair; 0 is free. Twice as long as the columns. */
  #table = new Int32Array(128);

  constructor(...combine: readonly Combine[]) {
    this.#combine = combine;
    this.columns = combine.map((how) => new Float64Array(64).fill(emptyOf[how]));
  }

  /** The slot of a pair, made when it is new. Columns are replaced when they grow: take them after this call. */
  slot(a: number, b: number): number {
    const mask = this.#table.length - 1;
    let at = hash(a, b) & mask;
    for (;;) {
      const slot = this.#table[at]! - 1;
      if (slot === -1) return this.#add(a, b, at);
      if (this.a[slot] === a && this.b[slot] === b) return slot;
      at = (at + 1) & mask;
    }
  }

  /** The slot of a pair; -1 when it was never counted. */
  find(a: number, b: number): number {
    const mask = this.#table.length - 1;
    for (let at = hash(a, b) & mask; ; at = (at + 1) & mask) {
      const slot = this.#table[at]! - 1;
      if (slot === -1 || (this.a[slot] === a && this.b[slot] === b)) return slot;
    }
  }

  add(a: number, b: number, column: number, count = 1): void {
    const slot = this.slot(a, b);
    this.columns[column]![slot]! += count;
  }

  data(): TallyData {
    return {
      a: this.a.slice(0, this.size),
      b: this.b.slice(0, this.size),
      columns: this.columns.map((column) => column.slice(0, this.size)),
    };
  }

  /** Puts in what another tally counted; the functions give its pairs their numbers here. */
  merge(
    { a, b, columns }: TallyData,
    mapA: (a: number) => number,
    mapB: (b: number, a: number) => number,
  ): void {
    for (let i = 0; i < a.length; i++) {
      const mappedA = mapA(a[i]!);
      const slot = this.slot(mappedA, mapB(b[i]!, mappedA));
      columns.forEach((column, c) => this.#put(c, slot, column[i]!));
    }
  }

  #put(column: number, slot: number, value: number): void {
    const own = this.columns[column]!;
    const how = this.#combine[column];
    if (how === "sum") own[slot]! += value;
    else own[slot] = how === "min" ? Math.min(own[slot]!, value) : Math.max(own[slot]!, value);
  }

  #add(a: number, b: number, at: number): number {
    const slot = this.size++;
    if (slot === this.a.length) {
      this.#grow();
      this.size--;
      return this.slot(a, b);
    }
    this.a[slot] = a;
    this.b[slot] = b;
    this.#table[at] = slot + 1;
    return slot;
  }

  #grow(): void {
    const capacity = this.a.length * 2;
    this.a = longer(new Int32Array(capacity), this.a);
    this.b = longer(new Int32Array(capacity), this.b);
    this.columns.forEach((column, c) => {
      const empty = emptyOf[this.#combine[c] ?? "sum"];
      this.columns[c] = longer(new Float64Array(capacity).fill(empty), column);
    });
    this.#table = new Int32Array(capacity * 2);
    const mask = this.#table.length - 1;
    for (let slot = 0; slot < this.size - 1; slot++) {
      let at = hash(this.a[slot]!, this.b[slot]!) & mask;
      while (this.#table[at] !== 0) at = (at + 1) & mask;
      this.#table[at] = slot + 1;
    }
  }
}

function longer<T extends Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer>>(into: T, from: T): T {
  into.set(from);
  return into;
}

function hash(a: number, b: number): number {
  const h = Math.imul(a ^ Math.imul(b, 0x9e3779b1), 0x85ebca6b);
  return h ^ (h >>> 15);
}
