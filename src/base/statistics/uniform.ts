/**
 * The largest distance between the values' distribution and that of even chance on 0 to 1, and the
 * chance of as large a one (Kolmogorov, with Stephens's correction for few values).
 */
export function kolmogorov(values: readonly number[]): { readonly distance: number; readonly p: number } {
  const n = values.length;
  if (n === 0) return { distance: 0, p: 1 };
  const sorted = [...values].sort((a, b) => a - b);
  let distance = 0;
  sorted.forEach((value, i) => {
    distance = Math.max(distance, (i + 1) / n - value, value - i / n);
  });
  const root = Math.sqrt(n);
  return { distance, p: tail((root + 0.12 + 0.11 / root) * distance) };
}

function tail(lambda: number): number {
  if (lambda < 0.3) return 1;
  let sum = 0;
  for (let j = 1; j <= 100; j++) {
    const term = Math.exp(-2 * j * j * lambda * lambda);
    sum += j % 2 === 1 ? term : -term;
    if (term < 1e-18) break;
  }
  return Math.max(0, Math.min(1, 2 * sum));
}

/**
 * Places between 0 and 1 that are sorted → as many values that are even on 0 to 1, each on its own,
 * when the places are (each gap, as part of what is left, is then the least of m even values:
 * 1 − (1 − gap)^m). Regular places give values all alike, crowded ones many near 0.
 */
export function gapValues(places: readonly number[]): number[] {
  let before = 0;
  return places.map((place, i) => {
    const left = 1 - before;
    const gap = left <= 0 ? 1 : Math.min(1, Math.max(0, (place - before) / left));
    before = place;
    return -Math.expm1((places.length - i) * Math.log1p(-gap));
  });
}

/** Variance ÷ mean of counts against what is expected of each; about 1 when events know nothing of each other. */
export function dispersion(counts: readonly number[], expected: readonly number[]): number {
  let sum = 0;
  let places = 0;
  counts.forEach((count, i) => {
    const mean = expected[i] ?? 0;
    if (mean <= 0) return;
    sum += (count - mean) ** 2 / mean;
    places++;
  });
  return places < 2 ? 0 : sum / (places - 1);
}
