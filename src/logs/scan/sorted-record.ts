const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Counts as an object whose keys are in order. */
export function sortedRecord<K extends string>(
  counts: ReadonlyMap<K, number>,
): { [P in K]?: number } & Record<string, number> {
  return Object.fromEntries([...counts].sort(([a], [b]) => compare(a, b))) as { [P in K]?: number } & Record<
    string,
    number
  >;
}
