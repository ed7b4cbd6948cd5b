import { deviance, stirlingError } from "./log-gamma.ts";
import { relativeSum } from "./tail-sum.ts";

/** ln P(X = k) for X of n trials with chance p (Loader's saddle-point form). */
export function lnBinomialTerm(k: number, n: number, p: number): number {
  if (k < 0 || k > n) return Number.NEGATIVE_INFINITY;
  if (p <= 0) return k === 0 ? 0 : Number.NEGATIVE_INFINITY;
  if (p >= 1) return k === n ? 0 : Number.NEGATIVE_INFINITY;
  if (k === 0) return n * Math.log1p(-p);
  if (k === n) return n * Math.log(p);
  const q = 1 - p;
  const exponent =
    stirlingError(n) - stirlingError(k) - stirlingError(n - k) - deviance(k, n * p) - deviance(n - k, n * q);
  return exponent - 0.5 * (Math.log(2 * Math.PI) + Math.log(k) + Math.log1p(-k / n));
}

/** P(X ≥ k): the chance of at least k of n when each has chance p. Exact; 0 only below the smallest double. */
export function binomialAtLeast(k: number, n: number, p: number): number {
  if (k <= 0) return 1;
  if (k > n || p <= 0) return 0;
  if (p >= 1) return 1;
  return k > n * p ? upper(k, n, p) : 1 - lower(k - 1, n, p);
}

/** P(X ≤ k). */
export function binomialAtMost(k: number, n: number, p: number): number {
  if (k >= n || p <= 0) return 1;
  if (k < 0 || p >= 1) return 0;
  return k < n * p ? lower(k, n, p) : 1 - upper(k + 1, n, p);
}

function upper(k: number, n: number, p: number): number {
  const odds = p / (1 - p);
  const sum = relativeSum((i) => ((n - k - i) / (k + i + 1)) * odds, n - k);
  return Math.min(1, Math.exp(lnBinomialTerm(k, n, p) + Math.log(sum)));
}

function lower(k: number, n: number, p: number): number {
  const odds = (1 - p) / p;
  const sum = relativeSum((i) => ((k - i) / (n - k + i + 1)) * odds, k);
  return Math.min(1, Math.exp(lnBinomialTerm(k, n, p) + Math.log(sum)));
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Clopper and Pearson's interval for the chance behind k of n, both ends included: it holds the true
 * chance in at least `confidence` of all cases, for any n and however small the chance.
 */
export function proportionInterval(k: number, n: number, confidence = 0.95): Interval {
  if (n <= 0) return { low: 0, high: 1 };
  const tail = (1 - confidence) / 2;
  return {
    low: k <= 0 ? 0 : solve((p) => binomialAtLeast(k, n, p) > tail),
    high: k >= n ? 1 : solve((p) => binomialAtMost(k, n, p) < tail),
  };
}

/** The least chance for which `isPast` holds, by halving its logit; `isPast` changes once, from false to true. */
function solve(isPast: (p: number) => boolean): number {
  let low = -745;
  let high = 37;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (isPast(1 / (1 + Math.exp(-middle)))) high = middle;
    else low = middle;
  }
  return 1 / (1 + Math.exp(-(low + high) / 2));
}
