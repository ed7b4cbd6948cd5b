import { chanceText } from "../../base/counts.ts";
import { type Growth, growth } from "../../base/statistics/growth.ts";
import { independentPairs, spearman } from "../../base/statistics/spearman.ts";
import type { Traffic } from "../traffic.ts";
import { countOfAll, type FailedAttempt, failedAttempts } from "./failed-attempts.ts";
import { coarser, countsIn, loadOf } from "./load.ts";
import type { LoadRelation } from "./pattern.ts";

const leastFailures = 5;
const leastBins = 12;
const usualBinMs = 10_000;
/** Rank correlation of the failing share with load from which on a capacity is at work. */
const capacityRho = 0.5;
const significance = 0.01;
/** Failures that gather in some bins more than this (variance ÷ mean) do not come one by one. */
const singleScatter = 2;

/**
 * Whether failures grow with traffic faster than traffic (a capacity), or do not grow with it at all (a race
 * of idle connections): rank correlations over bins, with no more weight than slow series deserve, and the
 * exponent of a Poisson regression. Nothing is said when neither holds.
 */
export function loadRelation(
  traffic: Traffic,
  failed: readonly FailedAttempt[] = failedAttempts(traffic),
): readonly LoadRelation[] {
  const fine = loadOf(traffic);
  if (failed.length < leastFailures || fine === undefined) return [];
  const load = coarser(fine, binsTogether(fine.widthMs, fine.requests.length, failed.length));
  const counted = countsIn(
    load,
    failed.map(({ momentMs }) => momentMs),
  );
  const used = load.requests.map((_, i) => i).filter((i) => (load.requests[i] ?? 0) + (counted[i] ?? 0) > 0);
  if (used.length < leastBins) return [];
  const counts = used.map((i) => counted[i] ?? 0);
  const sizes = used.map((i) => Math.max(load.requests[i] ?? 0, counted[i] ?? 0));
  const shares = counts.map((count, i) => count / (sizes[i] ?? 1));
  const share = spearman(shares, sizes, independentPairs(shares, sizes));
  const count = spearman(counts, sizes, independentPairs(counts, sizes));
  const grows = growth(counts, sizes);
  const numbers = {
    binMs: load.widthMs,
    bins: used.length,
    shareWithLoad: share.rho,
    countWithLoad: count.rho,
  };
  const of = countOfAll(traffic, failed);
  const common = { kind: "load-relation", ...numbers, failures: of, of, ...growthOf(grows) } as const;
  const exponent = grows === undefined ? "" : `, count ∝ load^${grows.exponent.toFixed(1)}`;
  const seen = `over ${used.length} bins of ${load.widthMs / 1000} s`;
  if (share.rho > capacityRho && share.p < significance && (grows === undefined || grows.exponent > 1)) {
    const text = `the failing share grows with load: rank correlation ${share.rho.toFixed(2)} ${seen}${exponent} (${chanceText(share.p)})`;
    return [{ ...common, reading: "capacity", p: share.p, text }];
  }
  const againstSameShare = grows?.chanceAgainst(1) ?? 1;
  const isPositive = grows !== undefined && grows.exponent > 0 && grows.chanceAgainst(0) < significance;
  const isFlat =
    grows !== undefined &&
    grows.scatter < singleScatter &&
    againstSameShare < significance &&
    !isPositive &&
    grows.exponent < 0.5;
  if (!isFlat || share.rho >= 0 || count.p < significance) return [];
  const text = `the number of failures does not grow with load: rank correlation ${count.rho.toFixed(2)} ${seen}${exponent} (a constant share: ${chanceText(againstSameShare)})`;
  return [{ ...common, reading: "count-flat", p: againstSameShare, text }];
}

const growthOf = (grows: Growth | undefined): Pick<LoadRelation, "growth"> | Record<string, never> =>
  grows === undefined ? {} : { growth: { exponent: grows.exponent, low: grows.low, high: grows.high } };

/** Bins of 10 s, wider when failures are few: about one failure in each, but at least so many bins as a correlation needs. */
function binsTogether(widthMs: number, bins: number, failures: number): number {
  const usual = Math.max(1, Math.ceil(usualBinMs / widthMs));
  const oneEach = Math.ceil(bins / failures);
  const widest = Math.max(1, Math.floor(bins / (2 * leastBins)));
  return Math.max(usual, Math.min(oneEach, widest));
}
