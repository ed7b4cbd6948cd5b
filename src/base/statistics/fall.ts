import { fisherAtLeast } from "./fisher.ts";
import { proportionInterval, type Interval } from "./binomial.ts";

/** So many of so many. */
export interface Counted {
  readonly requests: number;
  readonly failed: number;
}

/** The chance that the failures had fallen as far as seen by luck alone (Fisher's exact test, one-sided). */
export const chanceOfFall = (before: Counted, after: Counted): number =>
  fisherAtLeast({
    a: [before.failed, before.requests - before.failed],
    b: [after.failed, after.requests - after.failed],
  });

/**
 * How many requests without a single failure it takes until luck has a chance of at most `luck`. Infinity when
 * nothing had failed before.
 */
export function requestsToShowNone(before: Counted, luck: number): number {
  if (before.failed <= 0 || before.requests <= 0) return Number.POSITIVE_INFINITY;
  const isEnough = (requests: number): boolean => chanceOfFall(before, { requests, failed: 0 }) <= luck;
  let high = 1;
  while (!isEnough(high)) {
    high *= 2;
    if (high > 2 ** 40) return Number.POSITIVE_INFINITY;
  }
  let low = Math.floor(high / 2);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Where the share of failures lies with 95 % confidence. */
export const failureInterval = ({ failed, requests }: Counted): Interval =>
  proportionInterval(failed, requests);
