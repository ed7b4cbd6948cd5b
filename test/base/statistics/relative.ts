/** |value ÷ wanted − 1|; the difference itself where nothing is wanted. */
export const relativeError = (value: number, wanted: number): number =>
  wanted === 0 ? Math.abs(value) : Math.abs(value / wanted - 1);

/** n over k as a whole number. */
export function choose(n: number, k: number): bigint {
  let result = 1n;
  for (let i = 1; i <= k; i++) result = (result * BigInt(n - k + i)) / BigInt(i);
  return k < 0 || k > n ? 0n : result;
}
