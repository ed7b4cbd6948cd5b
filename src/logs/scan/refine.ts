/** A collector's stamp within the second that the line names is the better time: it has milliseconds. */
export const refine = (endMs: number, prefixMs: number): number =>
  prefixMs >= endMs && prefixMs - endMs < 2000 ? prefixMs : endMs;
