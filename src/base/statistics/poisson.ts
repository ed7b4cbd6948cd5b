import { deviance, stirlingError } from "./log-gamma.ts";
import { relativeSum } from "./tail-sum.ts";

/** ln P(X = k) for a Poisson count of the given mean. */
function lnPoissonTerm(k: number, mean: number): number {
  if (k < 0) return Number.NEGATIVE_INFINITY;
  if (mean <= 0) return k === 0 ? 0 : Number.NEGATIVE_INFINITY;
  if (k === 0) return -mean;
  return -stirlingError(k) - deviance(k, mean) - 0.5 * Math.log(2 * Math.PI * k);
}

/** P(X ≥ k). */
export function poissonAtLeast(k: number, mean: number): number {
  if (k <= 0) return 1;
  if (mean <= 0) return 0;
  if (k <= mean) return 1 - poissonAtMost(k - 1, mean);
  const sum = relativeSum((i) => mean / (k + i + 1), 1e9);
  return Math.min(1, Math.exp(lnPoissonTerm(k, mean) + Math.log(sum)));
}

/** P(X ≤ k). */
export function poissonAtMost(k: number, mean: number): number {
  if (k < 0) return 0;
  if (mean <= 0) return 1;
  if (k >= mean) return 1 - poissonAtLeast(k + 1, mean);
  const sum = relativeSum((i) => (k - i) / mean, k);
  return Math.min(1, Math.exp(lnPoissonTerm(k, mean) + Math.log(sum)));
}
