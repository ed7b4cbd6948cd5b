import type { Clue, Weight } from "../causes/clue.ts";

/** Log-odds of each weight class. The one table that turns words into numbers. */
export const logOdds: Readonly<Record<Weight, number>> = {
  decisive: 8,
  strong: 3.6,
  moderate: 1.6,
  weak: 0.6,
};

/** Without one strong clue no cause may pass this. */
const ceilingWithoutStrong = 0.5;
const floor = 0.01;
const ceiling = 0.99;

/**
 * Prior and clues combined in log-odds. Clues of one group come from one observation and count
 * once per direction, as the strongest of them.
 */
export function confidence(prior: number, clues: readonly Clue[]): number {
  const groups = new Map<string, number>();
  clues.forEach((clue, index) => {
    const key = `${clue.for ? "+" : "-"}${clue.group ?? `#${index}`}`;
    groups.set(key, Math.max(groups.get(key) ?? 0, logOdds[clue.weight]));
  });
  let sum = Math.log(prior / (1 - prior));
  for (const [key, weight] of groups) sum += key.startsWith("+") ? weight : -weight;
  const p = 1 / (1 + Math.exp(-sum));
  const hasStrong = clues.some((c) => c.for && (c.weight === "strong" || c.weight === "decisive"));
  return Math.min(ceiling, Math.max(floor, hasStrong ? p : Math.min(p, ceilingWithoutStrong)));
}

/** Rounded for a report: two digits say all that the weights can. */
export const roundConfidence = (p: number): number => Math.round(p * 100) / 100;
