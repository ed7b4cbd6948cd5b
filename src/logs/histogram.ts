import type { Histogram } from "./traffic.ts";

const binsPerDoubling = 8;
export const binCount = 28 * binsPerDoubling;

export const newHistogram = (): Histogram => ({ bins: undefined, count: 0, maxMs: 0 });

/** Bins of small values, looked up. */
const small = Uint8Array.from({ length: 4096 }, (_, value) => largeBin(value));

function largeBin(value: number): number {
  return Math.min(binCount - 1, Math.floor(Math.log2(value + 1) * binsPerDoubling));
}

/** The bin of a value that is not negative. */
export const histogramBin = (value: number): number =>
  value < 4096 && Number.isInteger(value) ? small[value]! : largeBin(value);

/** Counts a value that is not negative: milliseconds or bytes. */
export function addValue(histogram: Histogram, value: number): void {
  histogram.bins ??= new Uint32Array(binCount);
  histogram.bins[histogramBin(value)]!++;
  histogram.count++;
  if (value > histogram.maxMs) histogram.maxMs = value;
}

export function mergeHistogram(into: Histogram, from: Histogram): void {
  if (from.bins === undefined) return;
  into.bins ??= new Uint32Array(binCount);
  for (let i = 0; i < binCount; i++) into.bins[i] = (into.bins[i] ?? 0) + (from.bins[i] ?? 0);
  into.count += from.count;
  into.maxMs = Math.max(into.maxMs, from.maxMs);
}

/** Middle of the bin that holds the median, in whole units; undefined when nothing was counted. */
export function medianMs(histogram: Histogram): number | undefined {
  if (histogram.bins === undefined || histogram.count === 0) return undefined;
  let left = (histogram.count + 1) / 2;
  for (let i = 0; i < binCount; i++) {
    left -= histogram.bins[i] ?? 0;
    if (left <= 0) return Math.min(histogram.maxMs, Math.round(2 ** ((i + 0.5) / binsPerDoubling) - 1));
  }
  return histogram.maxMs;
}
