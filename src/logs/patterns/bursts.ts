import { chanceText, grouped, spanText } from "../../base/counts.ts";
import { binomialAtLeast, binomialAtMost } from "../../base/statistics/binomial.ts";
import { corrected } from "../../base/statistics/corrected.ts";
import { dispersion } from "../../base/statistics/uniform.ts";
import type { Traffic } from "../traffic.ts";
import { afterChanges, type KnownChange } from "./changes.ts";
import { countOfAll, type FailedAttempt, failedAttempts } from "./failed-attempts.ts";
import { coarser, countsIn, type Load, loadOf, spanOf, trafficClock } from "./load.ts";
import { groupsOf, medianOf, momentsOf } from "./moments.ts";
import type { Bursts } from "./pattern.ts";

const leastFailures = 5;
/** Fewer are no group. */
const leastInBurst = 3;
/** A pause between bursts is longer than this, and than five times the usual pause between failures. */
const leastPauseMs = 5000;
/** Quiet between bursts holds this many times as many requests as usually lie between two failures: chance splits leave less. */
const leastQuiet = 15;
/** Part of the pauses of which that must be true. */
const mostlyQuiet = 0.8;
/** Part of the failures that must lie in bursts. */
const inBursts = 0.8;
/** Part of the time that all bursts, and that one, may take: the rest is quiet. */
const mostBusy = 0.5;
const longestPart = 0.25;
const leastDispersion = 2;
const significance = 0.01;
const shownBursts = 100;
const shownAddresses = 20;
const countedMs = 10_000;

interface Group {
  readonly from: number;
  readonly to: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Groups of failures with quiet between: single-linkage clustering of their moments, more uneven than
 * traffic explains (index of dispersion of the counts per 10 s, and a scan test of the densest group on the
 * traffic's own clock).
 */
export function bursts(
  traffic: Traffic,
  failed: readonly FailedAttempt[] = failedAttempts(traffic),
  changes: readonly KnownChange[] = [],
): readonly Bursts[] {
  const load = loadOf(traffic, failed);
  if (failed.length < leastFailures || load === undefined) return [];
  const span = spanOf(load, traffic);
  const moments = momentsOf(failed);
  const groups = groupsIn(moments);
  const struck = groups.reduce((sum, group) => sum + group.to - group.from, 0);
  const busyMs = groups.reduce((sum, group) => sum + group.toMs - group.fromMs, 0);
  const longestMs = Math.max(0, ...groups.map((group) => group.toMs - group.fromMs));
  const spanMs = span.toMs - span.fromMs;
  if (struck < inBursts * failed.length || busyMs > mostBusy * spanMs || longestMs > longestPart * spanMs)
    return [];
  const clock = trafficClock(load, traffic.fromMs, traffic.toMs);
  const uneven = dispersionOf(moments, load);
  if (!isQuietBetween(moments.map(clock), groups) || !isTriedBetween(moments, groups, load)) return [];
  const p = scanChance(moments.length, groups, load);
  if (uneven <= leastDispersion || p >= significance) return [];
  const starts = groups.map(({ fromMs }) => fromMs);
  const { after, p: byChance } = afterChanges(starts, changes, traffic);
  return [
    {
      ...report(traffic, failed, groups, struck, uneven, p),
      ...(changes.length === 0 ? {} : { afterChanges: { bursts: after, of: groups.length, p: byChance } }),
    },
  ];
}

function groupsIn(moments: readonly number[]): Group[] {
  const pauses = moments.slice(1).map((moment, i) => moment - (moments[i] ?? 0));
  const pauseMs = Math.max(leastPauseMs, 5 * medianOf(pauses));
  return groupsOf(moments, pauseMs)
    .filter(([from, to]) => to - from >= leastInBurst)
    .map(([from, to]) => ({ from, to, fromMs: moments[from] ?? 0, toMs: moments[to - 1] ?? 0 }));
}

/** Whether the pauses between bursts are long on the traffic's clock. */
function isQuietBetween(places: readonly number[], groups: readonly Group[]): boolean {
  const usual = medianOf(places.slice(1).map((place, i) => place - (places[i] ?? 0)));
  const pauses = groups.slice(1).map(({ from }) => (places[from] ?? 0) - (places[from - 1] ?? 0));
  return pauses.filter((pause) => pause >= leastQuiet * usual).length >= mostlyQuiet * pauses.length;
}

/**
 * Whether requests went on in the quiet, from the first burst to the end of the log, enough of them to fail if
 * only half as many did as in the bursts: else the bursts may be those of the traffic.
 */
function isTriedBetween(moments: readonly number[], groups: readonly Group[], load: Load): boolean {
  const counts = countsIn(load, moments);
  const binAt = (ms: number): number => Math.floor((ms - load.fromMs) / load.widthMs);
  const touched = new Set<number>();
  for (const { fromMs, toMs } of groups) {
    for (let i = binAt(fromMs); i <= binAt(toMs); i++) touched.add(i);
  }
  const first = binAt(groups[0]?.fromMs ?? 0);
  const inside = { requests: 0, failed: 0 };
  const between = { requests: 0, failed: 0 };
  load.requests.forEach((requests, i) => {
    if (i < first) return;
    const sum = touched.has(i) ? inside : between;
    sum.failed += counts[i] ?? 0;
    sum.requests += Math.max(requests, counts[i] ?? 0);
  });
  const share = inside.failed / Math.max(1, inside.requests);
  return binomialAtMost(between.failed, between.requests, share / 2) < significance;
}

/** Of the counts per 10 s against the requests of the same time; per bin of the log where those are wider. */
function dispersionOf(moments: readonly number[], fine: Load): number {
  const load = coarser(fine, Math.max(1, Math.ceil(countedMs / fine.widthMs)));
  const counts = countsIn(load, moments);
  const counted = counts.reduce((sum, count) => sum + count, 0);
  const requests = load.requests.reduce((sum, count) => sum + count, 0);
  return dispersion(
    counts,
    load.requests.map((count) => (counted * count) / Math.max(1, requests)),
  );
}

/**
 * A bound of the chance that the densest group came by itself: for each failure, that as many others follow
 * it within the group's part of the traffic, summed over all failures and over the sizes a group may have.
 * The requests of the bins that a group touches may all have come with it.
 */
function scanChance(failures: number, groups: readonly Group[], load: Load): number {
  const requests = load.requests.reduce((sum, count) => sum + count, 0);
  const chances = groups.map(({ from, to, fromMs, toMs }) => {
    const first = Math.floor((fromMs - load.fromMs) / load.widthMs);
    const last = Math.floor((toMs - load.fromMs) / load.widthMs);
    const touched = load.requests.slice(Math.max(0, first), last + 1).reduce((sum, count) => sum + count, 0);
    return binomialAtLeast(to - from - 1, failures - 1, Math.min(1, Math.max(1, touched) / requests));
  });
  return corrected(Math.min(1, ...chances), failures * failures);
}

function report(
  traffic: Traffic,
  failed: readonly FailedAttempt[],
  groups: readonly Group[],
  struck: number,
  uneven: number,
  p: number,
): Bursts {
  const of = countOfAll(traffic, failed);
  const scale = of / failed.length;
  const all = groups.map(({ from, to, fromMs, toMs }) => ({
    fromMs: Math.round(fromMs),
    toMs: Math.round(toMs),
    failures: Math.round((to - from) * scale),
    addresses: addressesOf(failed.slice(from, to)),
  }));
  const largest = all
    .toSorted((a, b) => b.failures - a.failures || a.fromMs - b.fromMs)
    .slice(0, shownBursts);
  const longestMs = Math.max(...all.map((burst) => burst.toMs - burst.fromMs));
  const failures = Math.round(struck * scale);
  const where = all.length === 1 ? "one burst" : `${grouped(all.length)} bursts`;
  return {
    kind: "bursts",
    text: `${grouped(failures)} of ${grouped(of)} failures came in ${where} of at most ${spanText(longestMs)}, with quiet between (dispersion ${Number(uneven.toPrecision(2))}, ${chanceText(p)})`,
    failures,
    of,
    p,
    bursts: largest.sort((a, b) => a.fromMs - b.fromMs),
    dispersion: uneven,
  };
}

const addressesOf = (failed: readonly FailedAttempt[]): string[] =>
  [...new Set(failed.map(({ address }) => address))]
    .filter((address) => address !== "-")
    .sort()
    .slice(0, shownAddresses);
