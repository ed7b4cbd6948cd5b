/** Neighbours in time, as index ranges of a list in order of time. */
export interface Window {
  readonly from: number;
  /** The first beyond it. */
  readonly to: number;
  /** Largest less smallest of the second values within it. */
  readonly spread: number;
}

/**
 * For each item the window that begins with it and is `width` long, with the spread of its second values.
 * Linear in the number of items, however many fall into one window.
 */
export function windowsOf(
  times: readonly number[],
  values: readonly number[],
  width: number,
): readonly Window[] {
  const most = extremes(values, (a, b) => a >= b);
  const least = extremes(values, (a, b) => a <= b);
  const windows: Window[] = [];
  let to = 0;
  for (let from = 0; from < times.length; from++) {
    const end = (times[from] ?? 0) + width;
    for (; to < times.length && (times[to] ?? 0) <= end; to++) {
      most.push(to);
      least.push(to);
    }
    windows.push({ from, to, spread: most.first(from) - least.first(from) });
  }
  return windows;
}

/** Indexes whose values may still become the extreme of a window that moves on. */
function extremes(values: readonly number[], beats: (a: number, b: number) => boolean) {
  const queue: number[] = [];
  let head = 0;
  const valueAt = (i: number | undefined): number => values[i ?? 0] ?? 0;
  return {
    push(index: number): void {
      while (queue.length > head && beats(valueAt(index), valueAt(queue.at(-1)))) queue.pop();
      queue.push(index);
    },
    /** The extreme of the window that begins at an index. */
    first(from: number): number {
      while (head < queue.length && (queue[head] ?? 0) < from) head++;
      return valueAt(queue[head]);
    },
  };
}

/** How many of the sorted times are from `fromMs` to `toMs`, both included. */
export const countBetween = (times: readonly number[], fromMs: number, toMs: number): number =>
  Math.max(0, firstAfter(times, toMs) - firstAfter(times, fromMs - 1));

function firstAfter(times: readonly number[], ms: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) <= ms) low = middle + 1;
    else high = middle;
  }
  return low;
}
