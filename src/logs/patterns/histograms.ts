import type { Histogram } from "../traffic.ts";

const binsPerDoubling = 8;

/** Least value of bin i. */
export const lowOf = (bin: number): number => 2 ** (bin / binsPerDoubling) - 1;

/** How many values lie in the bins whose middle is within the range. */
export function countWithin(histogram: Histogram, low: number, high: number): number {
  const { bins } = histogram;
  if (bins === undefined) return 0;
  return bins.reduce((sum, count, i) => {
    const middle = 2 ** ((i + 0.5) / binsPerDoubling) - 1;
    return middle >= low && middle <= high ? sum + count : sum;
  }, 0);
}
