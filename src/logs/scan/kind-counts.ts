import type { Tally } from "./tally.ts";

/** Combinations of status and method that have a column of their own; a log has a few dozen at most. */
const columns = 64;
const none = -1;
const statuses = 500;

/**
 * Plain successes by bucket and kind, in one short row per bucket: a tally of the same pairs would be spread over memory
 * that no cache holds. `flush` moves the counts into such a tally.
 */
export class KindCounts {
  readonly #columnOf = new Int8Array(statuses * columns).fill(none);
  readonly #kinds: number[] = [];
  #rows = new Uint32Array(64 * columns);
  #isEmpty = true;

  /** False when it must be counted elsewhere: too many kinds. `status` is below 500, `method` below 64. */
  add(bucket: number, status: number, method: number): boolean {
    const kind = status * 64 + method;
    let column = this.#columnOf[kind]!;
    if (column === none) {
      if (this.#kinds.length === columns) return false;
      column = this.#kinds.push(kind) - 1;
      this.#columnOf[kind] = column;
    }
    const at = bucket * columns + column;
    if (at >= this.#rows.length) this.#grow(at);
    this.#rows[at]!++;
    this.#isEmpty = false;
    return true;
  }

  flush(into: Tally): void {
    if (this.#isEmpty) return;
    this.#rows.forEach((count, at) => {
      if (count > 0) into.add(Math.floor(at / columns), this.#kinds[at % columns]!, 0, count);
    });
    this.#rows.fill(0);
    this.#isEmpty = true;
  }

  #grow(at: number): void {
    const rows = this.#rows;
    this.#rows = new Uint32Array(Math.max(rows.length * 2, at + columns));
    this.#rows.set(rows);
  }
}
