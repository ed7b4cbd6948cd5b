/** The API leaves out counts that are 0 ("omitempty"). */
export function withoutZeros<K extends string>(counts: Readonly<Record<K, number>>): { [P in K]?: number } {
  const kept: { [P in K]?: number } = {};
  for (const key of Object.keys(counts) as K[]) if (counts[key] !== 0) kept[key] = counts[key];
  return kept;
}
