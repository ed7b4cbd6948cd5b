/**
 * Logarithms of the gamma function and of Stirling's error, with which probabilities of counts up to
 * 10^7 keep some twelve digits: differences of large logarithms of factorials would lose them.
 */

const lanczosG = 7;
const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const;

/** ln Γ(x) for x > 0 (Lanczos's series, g = 7, nine terms; about 15 digits). */
export function lnGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - lnGamma(1 - x);
  const z = x - 1;
  let sum: number = lanczos[0];
  for (let i = 1; i < lanczos.length; i++) sum += (lanczos[i] ?? 0) / (z + i);
  const t = z + lanczosG + 0.5;
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** ln n! − ln(√(2πn)·(n/e)^n) for a whole n ≥ 1: what Stirling's formula leaves out. */
export function stirlingError(n: number): number {
  if (n < 16) return exactStirlingErrors[n] ?? 0;
  const nn = n * n;
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / nn) / nn) / nn) / nn) / n;
}

const exactStirlingErrors: readonly number[] = errorsBelow(16);

function errorsBelow(limit: number): number[] {
  const errors = [0];
  let factorial = 1;
  for (let n = 1; n < limit; n++) {
    factorial *= n;
    errors.push(Math.log(factorial) - (0.5 * Math.log(2 * Math.PI * n) + n * Math.log(n) - n));
  }
  return errors;
}

/** x·ln(x/mean) + mean − x without cancellation near x = mean (C. Loader, "Fast and accurate computation of binomial probabilities", 2000). */
export function deviance(x: number, mean: number): number {
  if (Math.abs(x - mean) >= 0.1 * (x + mean)) return x * Math.log(x / mean) + mean - x;
  const v = (x - mean) / (x + mean);
  let sum = (x - mean) * v;
  let term = 2 * x * v;
  for (let j = 1; j < 1000; j++) {
    term *= v * v;
    const next = sum + term / (2 * j + 1);
    if (next === sum) break;
    sum = next;
  }
  return sum;
}
