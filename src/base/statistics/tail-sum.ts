/**
 * 1 + r(0) + r(0)·r(1) + …: the sum of a distribution's terms from one on, relative to that one.
 * `ratio(i)` is term i + 1 ÷ term i and must sink below 1 at last, as it does outwards of the mode.
 */
export function relativeSum(ratio: (i: number) => number, limit: number): number {
  let sum = 1;
  let term = 1;
  for (let i = 0; i < limit; i++) {
    const r = ratio(i);
    term *= r;
    sum += term;
    // What is left is less than a geometric series of the ratio reached.
    if (r < 1 && term < sum * 1e-17 * (1 - r)) break;
  }
  return sum;
}
