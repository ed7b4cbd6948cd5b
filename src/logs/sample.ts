/**
 * Shares `limit` places among groups of the given sizes, small groups first in full, and says for
 * each group that every n-th member is kept. A regular sample keeps the shape of the whole in time.
 */
export function strides(sizes: ReadonlyMap<string, number>, limit: number): Map<string, number> {
  const result = new Map<string, number>();
  let left = limit;
  const ordered = [...sizes].sort(([a, m], [b, n]) => m - n || (a < b ? -1 : 1));
  ordered.forEach(([name, size], i) => {
    const share = Math.max(1, Math.floor(left / (ordered.length - i)));
    const stride = Math.max(1, Math.ceil(size / share));
    result.set(name, stride);
    left -= Math.ceil(size / stride);
  });
  return result;
}
