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
/** The same among the bins that fail, of which there must be some. */
const doseRho = 0.3;
const doseSignificance = 0.05;
const leastFailingBins = 8;
/** What bins that fail serve at least, of what the others do. */
const stillServed = 0.8;
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
  const fine = loadOf(traffic, failed);
  if (failed.length < leastFailures || fine === undefined) return [];
  const load = coarser(fine, binsTogether(fine.widthMs, fine.requests.length, failed.length));
  const counted = countsIn(
    load,
    failed.map(({ momentMs }) => momentMs),
  );
  const wholeUntilMs = traffic.toMs - longestDelayMs(failed);
  const used = load.requests
    .map((_, i) => i)
    .filter((i) => load.fromMs + i * load.widthMs <= wholeUntilMs)
    .filter((i) => (load.requests[i] ?? 0) + (counted[i] ?? 0) > 0);
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
  const isMore = share.rho > capacityRho && share.p < significance && (grows?.exponent ?? 0) > 1;
  if (isMore && hasDose(counts, sizes) && varies(sizes, counts)) {
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

/** What goes wrong so long before it is logged is not all known for the end of the log. */
const longestDelayMs = (failed: readonly FailedAttempt[]): number =>
  failed.reduce((longest, { request, momentMs }) => Math.max(longest, request.endMs - momentMs), 0);

/**
 * Among the bins that fail, those with more load fail more; and they serve no less than the others, so that the
 * load is not the failures' own, asked again. One episode that met a busy time shows neither.
 */
function hasDose(counts: readonly number[], sizes: readonly number[]): boolean {
  const failing = counts.map((_, i) => i).filter((i) => (counts[i] ?? 0) > 0);
  const shares = failing.map((i) => (counts[i] ?? 0) / (sizes[i] ?? 1));
  const dose = spearman(
    shares,
    failing.map((i) => sizes[i] ?? 0),
  );
  const served = counts.map((count, i) => (sizes[i] ?? 0) - count);
  const servedWhere = (isWanted: (count: number) => boolean): number =>
    meanOf(served.filter((_, i) => isWanted(counts[i] ?? 0)));
  const keepsServing = servedWhere((count) => count > 0) >= stillServed * servedWhere((count) => count === 0);
  return (
    failing.length >= leastFailingBins && dose.rho > doseRho && dose.p < doseSignificance && keepsServing
  );
}

/** Under a steady load the failures themselves, which are counted when they went wrong, are all that moves it. */
const varies = (sizes: readonly number[], counts: readonly number[]): boolean =>
  varianceOf(sizes) >= 4 * varianceOf(counts);

function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return meanOf(values.map((value) => (value - mean) ** 2));
}

const meanOf = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

const growthOf = (grows: Growth | undefined): Pick<LoadRelation, "growth"> | Record<string, never> =>
  grows === undefined ? {} : { growth: { exponent: grows.exponent, low: grows.low, high: grows.high } };

/** Bins of 10 s, wider when failures are few: about one failure in each, but at least so many bins as a correlation needs. */
function binsTogether(widthMs: number, bins: number, failures: number): number {
  const usual = Math.max(1, Math.ceil(usualBinMs / widthMs));
  const oneEach = Math.ceil(bins / failures);
  const widest = Math.max(1, Math.floor(bins / (2 * leastBins)));
  return Math.max(usual, Math.min(oneEach, widest));
}
