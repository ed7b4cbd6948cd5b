import { lnBinomialTerm } from "./binomial.ts";
import { relativeSum } from "./tail-sum.ts";

/** Counts of two groups: with the property, without it. */
export interface TwoByTwo {
  readonly a: readonly [has: number, hasNot: number];
  readonly b: readonly [has: number, hasNot: number];
}

/** Fisher's exact test: the chance that group a has the property at least as often as seen, were there no difference. */
export function fisherAtLeast(table: TwoByTwo): number {
  const { x, low, high, mode, ln, up, down } = hypergeometric(table);
  if (x <= low) return 1;
  if (x > mode) return Math.min(1, Math.exp(ln(x) + Math.log(relativeSum((i) => up(x + i), high - x))));
  const below = x - 1;
  return 1 - Math.exp(ln(below) + Math.log(relativeSum((i) => down(below - i), below - low)));
}

/** Two-sided: the chance of all tables of the same margins that are no likelier than the one seen. */
export function fisherTwoSided(table: TwoByTwo): number {
  const { x, low, high, mode, ln, up, down } = hypergeometric(table);
  // Tables that are equally likely but for rounding count as equal.
  const limit = ln(x) + 1e-7;
  const above = firstWhere(Math.max(mode, low), high, (y) => ln(y) <= limit);
  const below = -firstWhere(-Math.min(mode, high), -low, (y) => ln(-y) <= limit);
  if (above <= below) return 1;
  let sum = 0;
  if (above <= high) sum += Math.exp(ln(above) + Math.log(relativeSum((i) => up(above + i), high - above)));
  if (below >= low) sum += Math.exp(ln(below) + Math.log(relativeSum((i) => down(below - i), below - low)));
  return Math.min(1, sum);
}

function hypergeometric({ a, b }: TwoByTwo) {
  const drawn = a[0] + a[1];
  const others = b[0] + b[1];
  const having = a[0] + b[0];
  const all = drawn + others;
  const p = all === 0 ? 0 : having / all;
  const base = lnBinomialTerm(having, all, p);
  return {
    x: a[0],
    low: Math.max(0, having - others),
    high: Math.min(drawn, having),
    mode: Math.floor(((drawn + 1) * (having + 1)) / (all + 2)),
    /** ln of the chance that y of the drawn have the property. */
    ln: (y: number): number => lnBinomialTerm(y, drawn, p) + lnBinomialTerm(having - y, others, p) - base,
    /** Chance of y + 1 ÷ chance of y. */
    up: (y: number): number => ((drawn - y) * (having - y)) / ((y + 1) * (others - having + y + 1)),
    /** Chance of y − 1 ÷ chance of y. */
    down: (y: number): number => (y * (others - having + y)) / ((drawn - y + 1) * (having - y + 1)),
  };
}

/** The first whole number from `from` to `to` for which `holds`, which stays true once it is; `to` + 1 when none. */
function firstWhere(from: number, to: number, holds: (y: number) => boolean): number {
  let low = from;
  let high = to + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
