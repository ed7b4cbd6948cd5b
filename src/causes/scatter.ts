const windowMs = 10_000;
const fewest = 3;

/** No ten seconds hold more than a third of these moments, once there are a few. */
export function isScattered(times: readonly number[]): boolean {
  const sorted = times.toSorted((a, b) => a - b);
  let most = 0;
  let from = 0;
  for (let to = 0; to < sorted.length; to++) {
    while (sorted[to]! - sorted[from]! > windowMs) from++;
    most = Math.max(most, to - from + 1);
  }
  return sorted.length >= fewest && most <= Math.max(2, sorted.length / 3);
}
