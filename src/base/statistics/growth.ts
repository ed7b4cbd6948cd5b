import { studentTwoSided } from "./student.ts";

/** How counts grow with a size: count ∝ size^exponent. */
export interface Growth {
  readonly exponent: number;
  /** 95 % interval. */
  readonly low: number;
  readonly high: number;
  /** Variance ÷ mean of the counts around that; about 1 when events know nothing of each other. */
  readonly scatter: number;
  /** Two-sided chance of an exponent as far from `other`, were that the true one. */
  chanceAgainst(other: number): number;
}

/**
 * Poisson regression of counts on the logarithm of sizes, its error widened by the scatter the counts show
 * (quasi-likelihood); undefined for fewer than three sizes that are not 0, or sizes all alike.
 */
export function growth(counts: readonly number[], sizes: readonly number[]): Growth | undefined {
  const pairs = counts
    .map((count, i) => ({ count, ln: Math.log(sizes[i] ?? 0) }))
    .filter(({ ln }) => Number.isFinite(ln));
  const total = pairs.reduce((sum, { count }) => sum + count, 0);
  const first = pairs[0]?.ln ?? 0;
  if (pairs.length < 3 || total === 0 || pairs.every(({ ln }) => ln === first)) return undefined;
  const wanted = pairs.reduce((sum, { count, ln }) => sum + count * ln, 0) / total;
  const exponent = solve((beta) => moments(pairs, beta).mean - wanted);
  const { mean, spread, sum } = moments(pairs, exponent);
  const squares = pairs.reduce((chi, { count, ln }) => {
    const expected = (total * Math.exp(exponent * (ln - mean))) / sum;
    return expected > 0 ? chi + (count - expected) ** 2 / expected : chi;
  }, 0);
  const freedom = pairs.length - 2;
  const scatter = squares / freedom;
  const error = Math.sqrt(Math.max(1, scatter) / (total * Math.max(spread, 1e-12)));
  return {
    exponent,
    scatter,
    low: exponent - 1.96 * error,
    high: exponent + 1.96 * error,
    chanceAgainst: (other) => studentTwoSided((exponent - other) / error, freedom),
  };
}

/** Mean and variance of ln size when sizes are weighted by size^beta, and the sum of the weights ÷ e^(beta·mean). */
function moments(pairs: readonly { readonly ln: number }[], beta: number) {
  const most = Math.max(...pairs.map(({ ln }) => beta * ln));
  let weights = 0;
  let first = 0;
  for (const { ln } of pairs) {
    const weight = Math.exp(beta * ln - most);
    weights += weight;
    first += weight * ln;
  }
  const mean = first / weights;
  let second = 0;
  for (const { ln } of pairs) second += Math.exp(beta * ln - most) * (ln - mean) ** 2;
  return { mean, spread: second / weights, sum: weights * Math.exp(most - beta * mean) };
}

/** Root of a function that grows, between −20 and 20. */
function solve(of: (x: number) => number): number {
  let low = -20;
  let high = 20;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (of(middle) > 0) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}
