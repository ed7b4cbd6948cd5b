import { chanceText, grouped, spanText } from "../../base/counts.ts";
import { binomialAtLeast } from "../../base/statistics/binomial.ts";
import { corrected } from "../../base/statistics/corrected.ts";
import { dispersion } from "../../base/statistics/uniform.ts";
import type { Traffic } from "../traffic.ts";
import { afterChanges, type KnownChange } from "./changes.ts";
import { countOfAll, type FailedAttempt, failedAttempts } from "./failed-attempts.ts";
import { loadOf, spanOf, trafficClock } from "./load.ts";
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
  const load = loadOf(traffic);
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
  const uneven = dispersionOf(moments, span, clock);
  const places = moments.map(clock);
  if (!isQuietBetween(places, groups, clock(span.toMs))) return [];
  const p = scanChance(places, groups);
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

/** Whether the pauses between bursts are long on the traffic's clock; for one burst, that after it. */
function isQuietBetween(places: readonly number[], groups: readonly Group[], end: number): boolean {
  const usual = medianOf(places.slice(1).map((place, i) => place - (places[i] ?? 0)));
  const pauses = groups.map(({ to }, i) => {
    const next = groups[i + 1];
    return (next === undefined ? end : (places[next.from] ?? 0)) - (places[to - 1] ?? 0);
  });
  const between = groups.length > 1 ? pauses.slice(0, -1) : pauses;
  return between.filter((pause) => pause >= leastQuiet * usual).length >= mostlyQuiet * between.length;
}

function dispersionOf(
  moments: readonly number[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
  clock: (ms: number) => number,
): number {
  const bins = Math.max(1, Math.ceil((toMs - fromMs) / countedMs));
  const counts = Array.from({ length: bins }, () => 0);
  for (const moment of moments) {
    const i = Math.min(bins - 1, Math.max(0, Math.floor((moment - fromMs) / countedMs)));
    counts[i] = (counts[i] ?? 0) + 1;
  }
  const expected = counts.map((_, i) => {
    const start = fromMs + i * countedMs;
    return moments.length * (clock(start + countedMs) - clock(start));
  });
  return dispersion(counts, expected);
}

/**
 * A bound of the chance that the densest group came by itself: for each failure, that as many others follow
 * it within the group's part of the traffic, summed over all failures and over the sizes a group may have.
 */
function scanChance(places: readonly number[], groups: readonly Group[]): number {
  const n = places.length;
  const chances = groups.map(({ from, to }) => {
    const part = Math.max(1e-9, (places[to - 1] ?? 0) - (places[from] ?? 0));
    return binomialAtLeast(to - from - 1, n - 1, part);
  });
  return corrected(Math.min(1, ...chances), n * n);
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
