import { binCount, histogramBin } from "../histogram.ts";
import type { Histogram } from "../traffic.ts";

/** Many histograms by number, side by side in memory. */
export class Histograms {
  #bins = new Uint32Array(64 * binCount);
  #max = new Float64Array(64).fill(-1);

  /** Counts a value that is not negative. */
  add(id: number, value: number): void {
    if (id >= this.#max.length) this.#grow(id);
    this.#bins[id * binCount + histogramBin(value)]!++;
    if (value > this.#max[id]!) this.#max[id] = value;
  }

  merge(id: number, { bins, maxMs }: Histogram): void {
    if (bins === undefined) return;
    if (id >= this.#max.length) this.#grow(id);
    bins.forEach((count, bin) => {
      this.#bins[id * binCount + bin]! += count;
    });
    this.#max[id] = Math.max(this.#max[id]!, maxMs);
  }

  /** A copy. */
  get(id: number): Histogram {
    if (id >= this.#max.length || this.#max[id] === -1) return { bins: undefined, count: 0, maxMs: 0 };
    const bins = this.#bins.slice(id * binCount, (id + 1) * binCount);
    return { bins, count: bins.reduce((sum, count) => sum + count, 0), maxMs: this.#max[id]! };
  }

  #grow(id: number): void {
    const length = Math.max(this.#max.length * 2, id + 1);
    const [bins, max] = [this.#bins, this.#max];
    this.#bins = new Uint32Array(length * binCount);
    this.#bins.set(bins);
    this.#max = new Float64Array(length).fill(-1);
    this.#max.set(max);
  }
}
