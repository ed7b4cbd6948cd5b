import { studentTwoSided } from "./student.ts";

export interface RankCorrelation {
  /** −1 to 1; 0 when one side never changes. */
  readonly rho: number;
  /** Two-sided; exact for up to eight pairs, by Student's t beyond. */
  readonly p: number;
}

const exactUpTo = 8;

/**
 * Spearman's rank correlation, ties given their mean rank. `effectivePairs` is the number of pairs
 * that are worth something when neighbours resemble each other (see `independentPairs`).
 */
export function spearman(
  xs: readonly number[],
  ys: readonly number[],
  effectivePairs?: number,
): RankCorrelation {
  const n = Math.min(xs.length, ys.length);
  const x = centred(ranks(xs.slice(0, n)));
  const y = centred(ranks(ys.slice(0, n)));
  const scale = Math.sqrt(dot(x, x) * dot(y, y));
  if (n < 3 || scale === 0) return { rho: 0, p: 1 };
  const rho = Math.max(-1, Math.min(1, dot(x, y) / scale));
  if (n <= exactUpTo && effectivePairs === undefined) return { rho, p: exactP(x, y, Math.abs(dot(x, y))) };
  const freedom = (effectivePairs ?? n) - 2;
  const rest = 1 - rho * rho;
  if (freedom <= 0) return { rho, p: 1 };
  return { rho, p: rest <= 0 ? 0 : studentTwoSided(rho * Math.sqrt(freedom / rest), freedom) };
}

/** Ranks from 1; equal values share the mean of theirs. */
export function ranks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const result = Array.from({ length: values.length }, () => 0);
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to + 1 < order.length && values[order[to + 1] ?? 0] === values[order[from] ?? 0]) to++;
    for (let i = from; i <= to; i++) result[order[i] ?? 0] = (from + to) / 2 + 1;
    from = to + 1;
  }
  return result;
}

/**
 * How many pairs two series in time are worth when each value resembles the one before
 * (M. S. Bartlett, "Some aspects of the time-correlation problem", 1935): n·(1 − r·s) ÷ (1 + r·s) with their
 * rank correlations r and s at a lag of one; at most n.
 */
export function independentPairs(xs: readonly number[], ys: readonly number[]): number {
  const n = Math.min(xs.length, ys.length);
  const both = lagOne(xs) * lagOne(ys);
  return both <= 0 ? n : (n * (1 - both)) / (1 + both);
}

function lagOne(values: readonly number[]): number {
  const all = centred(ranks(values));
  const total = dot(all, all);
  return total === 0 ? 0 : dot(all.slice(1), all.slice(0, -1)) / total;
}

function centred(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
}

function dot(x: readonly number[], y: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i] ?? 0) * (y[i] ?? 0);
  return sum;
}

/** Part of all orders of y whose product with x is at least as far from 0 as the one seen. */
function exactP(x: readonly number[], y: readonly number[], seen: number): number {
  let orders = 0;
  let asFar = 0;
  const place = (i: number, left: readonly number[], sum: number): void => {
    const value = x[i];
    if (value === undefined) {
      orders++;
      if (Math.abs(sum) >= seen - 1e-9) asFar++;
      return;
    }
    left.forEach((taken, j) => place(i + 1, left.toSpliced(j, 1), sum + value * taken));
  };
  place(0, y, 0);
  return asFar / orders;
}
