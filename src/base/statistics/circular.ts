/** Moments as places on a circle whose turn is one period. */

export interface CircularMean {
  /** 0: all around; 1: all at one place. */
  readonly length: number;
  /** Part of a turn, 0 to 1. */
  readonly phase: number;
}

/** Mean of phases (parts of a turn). */
export function circularMean(phases: readonly number[]): CircularMean {
  if (phases.length === 0) return { length: 0, phase: 0 };
  let cos = 0;
  let sin = 0;
  for (const phase of phases) {
    cos += Math.cos(2 * Math.PI * phase);
    sin += Math.sin(2 * Math.PI * phase);
  }
  const turn = Math.atan2(sin, cos) / (2 * Math.PI);
  return { length: Math.min(1, Math.hypot(cos, sin) / phases.length), phase: turn < 0 ? turn + 1 : turn };
}

/**
 * Rayleigh's test: the chance that n phases which know nothing of each other gather as much, with
 * the correction for small n of J. H. Zar ("Biostatistical analysis", eq. 27.4).
 */
export function rayleigh(phases: readonly number[]): number {
  const n = phases.length;
  if (n === 0) return 1;
  const resultant = circularMean(phases).length * n;
  const root = Math.sqrt(1 + 4 * n + 4 * (n * n - resultant * resultant));
  return Math.min(1, Math.exp(root - (1 + 2 * n)));
}

/** Length of the smallest arc that holds all phases, as part of a turn. */
export function smallestArc(phases: readonly number[]): number {
  const sorted = [...phases].sort((a, b) => a - b);
  let widestGap = 1 + (sorted[0] ?? 0) - (sorted.at(-1) ?? 0);
  for (let i = 1; i < sorted.length; i++)
    widestGap = Math.max(widestGap, (sorted[i] ?? 0) - (sorted[i - 1] ?? 0));
  return sorted.length === 0 ? 0 : 1 - widestGap;
}

/**
 * The chance that n phases fall within some arc of `arc` turns: n·arc^(n−1), exact up to half a turn
 * (W. L. Stevens, "Solution to a geometrical problem in probability", 1939); 1 for wider arcs.
 */
export const arcChance = (n: number, arc: number): number =>
  arc > 0.5 ? 1 : Math.min(1, n * arc ** (n - 1));
