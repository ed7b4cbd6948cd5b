import { grouped, momentText, shareText } from "../../base/counts.ts";
import { binomialAtLeast, binomialAtMost, proportionInterval } from "../../base/statistics/binomial.ts";
import { corrected } from "../../base/statistics/corrected.ts";
import type { Traffic } from "../traffic.ts";
import { changeBefore, type KnownChange } from "./changes.ts";
import { countOfAll, type FailedAttempt, failedAttempts } from "./failed-attempts.ts";
import { coarser, countsIn, type Load, loadOf, trafficClock } from "./load.ts";
import type { Onset } from "./pattern.ts";

const leastFailures = 5;
const usualBinMs = 10_000;
const leastBins = 12;
/** One-sided chance of five standard deviations. */
const fiveSigma = 2.9e-7;
/** Above this a bin looks like those before the onset. */
const calmChance = 0.001;
/** Bins before the first striking one in which the exact moment is looked for. */
const searchedBins = 20;
/** Bins in a row that make an onset, and the fewest that make its end. */
const inRow = 2;

interface Bins extends Load {
  readonly failed: readonly number[];
}

interface Step {
  /** First bin that fails more, last one that does. */
  readonly from: number;
  readonly last: number;
  readonly hasEnded: boolean;
  readonly p: number;
}

/**
 * The moment at which the share of failures left the level of all the time before: the first two bins in a
 * row that are five standard deviations above it (exact binomial tails against the upper bound of the level).
 */
export function onset(
  traffic: Traffic,
  failed: readonly FailedAttempt[] = failedAttempts(traffic),
  changes: readonly KnownChange[] = [],
): readonly Onset[] {
  const fine = loadOf(traffic, failed);
  if (failed.length < leastFailures || fine === undefined) return [];
  const moments = failed.map(({ momentMs }) => momentMs);
  const scale = countOfAll(traffic, failed) / failed.length;
  const usual = Math.max(1, Math.ceil(usualBinMs / fine.widthMs));
  for (let factor = usual, scales = 1; fine.requests.length / factor >= leastBins; factor *= 2, scales++) {
    const load = coarser(fine, factor);
    const counts = countsIn(load, moments).map((count) => Math.round(count * scale));
    const requests = load.requests.map((count, i) => Math.max(count, counts[i] ?? 0));
    const bins = { ...load, requests, failed: counts };
    const step = stepIn(bins, moments);
    if (step !== undefined) return [report(traffic, moments, scale, bins, step, scales, changes)];
  }
  return [];
}

function stepIn(bins: Bins, moments: readonly number[]): Step | undefined {
  const used = bins.requests.map((_, i) => i).filter((i) => (bins.requests[i] ?? 0) > 0);
  let requests = 0;
  let failed = 0;
  for (let place = 0; place + 1 < used.length; place++) {
    const [n, f] = at(bins, used[place]);
    const [nextN, nextF] = at(bins, used[place + 1]);
    if (requests > 0 && f * requests > 2 * failed * n && nextF * requests > 2 * failed * nextN) {
      const { high } = proportionInterval(failed, requests);
      const chances = [binomialAtLeast(f, n, high), binomialAtLeast(nextF, nextN, high)];
      const worst = Math.max(...chances);
      if (worst < fiveSigma) {
        const step = { ...endOf(bins, used, place, high), p: corrected(worst, used.length) };
        if (isSpread(bins, step, moments)) return step;
      }
    }
    requests += n;
    failed += f;
  }
  return undefined;
}

/** The step has ended when bins after it fail so little that not even half its share can be left. */
function endOf(bins: Bins, used: readonly number[], from: number, level: number): Omit<Step, "p"> {
  let last = from;
  const inside = { requests: 0, failed: 0 };
  let since = { requests: 0, failed: 0 };
  let hasEnded = false;
  for (let place = from; place < used.length && !hasEnded; place++) {
    const [n, f] = at(bins, used[place]);
    since = { requests: since.requests + n, failed: since.failed + f };
    if (place < from + inRow || (f > 0 && binomialAtLeast(f, n, level) < calmChance)) {
      last = place;
      inside.requests += since.requests;
      inside.failed += since.failed;
      since = { requests: 0, failed: 0 };
    }
    const half = inside.failed / Math.max(1, inside.requests) / 2;
    hasEnded = place - last >= inRow && binomialAtMost(since.failed, since.requests, half) < calmChance;
  }
  return { from: used[from] ?? 0, last: used[last] ?? 0, hasEnded };
}

/**
 * One burst across the border of two bins is no onset, nor are bursts that fall in bins next to each other:
 * failures lie in at least half as many stretches of 10 s as they would at random, and over more than one bin.
 */
function isSpread(bins: Bins, step: Omit<Step, "p">, moments: readonly number[]): boolean {
  const startMs = bins.fromMs + step.from * bins.widthMs;
  const endMs = bins.fromMs + (step.last + 1) * bins.widthMs;
  const inside = moments.filter((moment) => moment >= startMs && moment < endMs);
  if ((inside.at(-1) ?? 0) - (inside[0] ?? 0) < bins.widthMs) return false;
  const stretchMs = Math.min(usualBinMs, bins.widthMs);
  const stretches = (endMs - startMs) / stretchMs;
  const struck = new Set(inside.map((moment) => Math.floor((moment - startMs) / stretchMs))).size;
  return struck >= 0.5 * -Math.expm1(-inside.length / stretches) * stretches;
}

const at = (bins: Bins, i: number | undefined): readonly [requests: number, failed: number] =>
  i === undefined ? [0, 0] : [bins.requests[i] ?? 0, bins.failed[i] ?? 0];

function report(
  traffic: Traffic,
  moments: readonly number[],
  scale: number,
  bins: Bins,
  step: Step,
  scales: number,
  changes: readonly KnownChange[],
): Onset {
  const clock = trafficClock(bins, traffic.fromMs, traffic.toMs);
  const startMs = bins.fromMs + step.from * bins.widthMs;
  const endOfLastMs = bins.fromMs + (step.last + 1) * bins.widthMs;
  const searchedMs = Math.max(traffic.fromMs, startMs - searchedBins * bins.widthMs);
  const atMs = sharpest(moments, searchedMs, startMs + inRow * bins.widthMs, clock);
  const lastMs = step.hasEnded ? moments.findLast((moment) => moment < endOfLastMs) : undefined;
  const all = bins.requests.reduce((sum, count) => sum + count, 0);
  const of = Math.round(moments.length * scale);
  const before = Math.round(moments.filter((moment) => moment < atMs).length * scale);
  const until = lastMs ?? Number.POSITIVE_INFINITY;
  const inside = Math.round(moments.filter((moment) => moment >= atMs && moment <= until).length * scale);
  const requestsBefore = Math.max(before, Math.round(all * clock(atMs)));
  const requestsIn = Math.max(inside, Math.round(all * (clock(lastMs ?? traffic.toMs + 1000) - clock(atMs))));
  const change = changeBefore(atMs, changes, traffic);
  const end = lastMs === undefined ? openEnd(moments, traffic.toMs) : `until ${momentText(lastMs)}`;
  return {
    kind: "onset",
    text: `from ${momentText(atMs)} ${shareText(inside, requestsIn)} of the requests failed, ${shareText(before, requestsBefore)} before; ${end}${change === undefined ? "" : `; ${change.name} came ${grouped(Math.max(0, Math.round((atMs - change.atMs) / 1000)))} s before`}`,
    failures: inside,
    of,
    p: corrected(step.p, scales),
    atMs: Math.round(atMs),
    shareBefore: requestsBefore === 0 ? 0 : before / requestsBefore,
    shareAfter: requestsIn === 0 ? 0 : inside / requestsIn,
    ...(lastMs === undefined ? {} : { endMs: Math.round(lastMs) }),
    ...(change === undefined ? {} : { after: change }),
  };
}

/** Too little came after the last failure to say that the trouble is over; what is seen is said. */
function openEnd(moments: readonly number[], toMs: number): string {
  const last = moments.at(-1) ?? toMs;
  return toMs - last > usualBinMs ? `the last one at ${momentText(last)}` : "and has not come back";
}

/** The failure from which on their rate differs most from that before it, between two moments. */
function sharpest(
  moments: readonly number[],
  fromMs: number,
  toMs: number,
  clock: (ms: number) => number,
): number {
  const inside = moments.filter((moment) => moment >= fromMs && moment < toMs);
  const start = clock(fromMs);
  const end = clock(toMs);
  let best = { atMs: inside[0] ?? fromMs, fit: Number.NEGATIVE_INFINITY };
  inside.forEach((atMs, before) => {
    const place = clock(atMs);
    const fit = rateFit(before, place - start) + rateFit(inside.length - before, end - place);
    if (fit > best.fit + 1e-9) best = { atMs, fit };
  });
  return best.atMs;
}

/** Log-likelihood of a count that comes at its own mean rate. */
const rateFit = (count: number, part: number): number =>
  count === 0 ? 0 : count * Math.log(count / Math.max(part, 1e-9));
