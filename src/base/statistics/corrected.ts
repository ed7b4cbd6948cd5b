/** A chance corrected for the number of things looked at (Bonferroni). */
export const corrected = (p: number, looked: number): number => Math.min(1, p * Math.max(1, looked));

/**
 * Benjamini and Hochberg's adjusted chances, in the order given: those below q hold at most a part q
 * of false ones.
 */
export function falseDiscovery(ps: readonly number[]): number[] {
  const order = ps.map((_, i) => i).sort((a, b) => (ps[b] ?? 1) - (ps[a] ?? 1));
  const adjusted = ps.map(() => 1);
  let least = 1;
  order.forEach((index, i) => {
    least = Math.min(least, ((ps[index] ?? 1) * ps.length) / (ps.length - i));
    adjusted[index] = least;
  });
  return adjusted;
}
