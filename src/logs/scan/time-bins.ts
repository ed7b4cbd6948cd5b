/** Widths of bins; each divides the next, so that bins can be put together without loss. */
const widthsMs = [1000, 10_000, 60_000, 300_000, 900_000, 3_600_000] as const;

export const finestMs: number = widthsMs[0];

/** The next wider bins; undefined when there are none. */
export const widerMs = (widthMs: number): number | undefined => widthsMs.find((width) => width > widthMs);

/** Bins are counted from 2000-01-01, so that their numbers have 32 bits from 1932 to 2068 even when they are seconds. */
const epochMs = 946_684_800_000;

/** Times beyond those years are put into the first or last bin. */
export function binOf(timeMs: number, widthMs: number): number {
  const bin = Math.floor((timeMs - epochMs) / widthMs);
  return bin > 0x7fffffff ? 0x7fffffff : bin < -0x80000000 ? -0x80000000 : bin;
}

export const binStartMs = (bin: number, widthMs: number): number => bin * widthMs + epochMs;

const maxBins = 4096;

/** A run of bins of equal width, those without a request included. */
export interface BinRange {
  readonly fromMs: number;
  readonly widthMs: number;
  readonly length: number;
}

/**
 * The bins that a report shows: the finest width, of at least `widthMs`, with which there are at most 4,096. When
 * even hours are too many, because some line has a time far from all others, the 4,096 that end with the last are shown.
 */
export function shownBins(fromMs: number, toMs: number, widthMs: number): BinRange {
  const lengthAt = (width: number): number => binOf(toMs, width) - binOf(fromMs, width) + 1;
  const width = widthsMs.find((w) => w >= widthMs && lengthAt(w) <= maxBins) ?? widthsMs.at(-1)!;
  const length = Math.min(maxBins, lengthAt(width));
  return { fromMs: binStartMs(binOf(toMs, width) - length + 1, width), widthMs: width, length };
}
