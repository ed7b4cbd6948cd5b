import { spanText } from "../../base/counts.ts";
import type { FailureClass, Traffic } from "../traffic.ts";
import { type FailedAttempt, failedAttempts } from "./failed-attempts.ts";
import { loadOf, trafficClock } from "./load.ts";
import type { OutageGaps } from "./pattern.ts";

/** The kubelet waits 10 s before the second restart of a container, twice as long each time, and at most 5 min (pkg/kubelet/kubelet.go `MaxContainerBackOff`, `backOffPeriod`). */
const backOffsMs = [10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000, 300_000];
const leastGaps = 3;
/** Longest time an application may take to start and to die again. */
const longestRunMs = 120_000;
/** Start, sync period and the request that notices are late by as much. */
const slackMs = 6000;
const slackPart = 0.12;
const leastPauseMs = 5000;
/** As many requests do not all miss a pause by chance. */
const servedInPause = 7;

/** What a process that is not there gives. */
const gone: ReadonlySet<FailureClass> = new Set([
  "connect-refused",
  "closed-before-header",
  "truncated",
  "unclassified",
]);

/**
 * Outages of one address whose distances double, as the kubelet's back-off between restarts does. They show
 * in the length of the outages (without a readiness probe), in the pauses between them (with one, which
 * takes the address out), or in both together; each restart also takes its own time to start and die again.
 */
export function outageGaps(
  traffic: Traffic,
  failed: readonly FailedAttempt[] = failedAttempts(traffic),
): readonly OutageGaps[] {
  const byAddress = Map.groupBy(
    failed.filter((attempt) => gone.has(attempt.class) && attempt.address !== "-"),
    (attempt) => attempt.address,
  );
  const requestsAt = requestsOf(traffic, failed);
  const found = [...byAddress]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([address, attempts]) => ({ address, outages: outagesOf(attempts, requestsAt(address)) }))
    .filter(({ outages }) => outages.length > leastGaps);
  // Among many addresses some have distances that double by chance: each ten times as many must show one more.
  const least = leastGaps + Math.floor(Math.log10(Math.max(1, found.length)));
  return found.flatMap(({ address, outages }): OutageGaps[] => {
    const gapsMs = backOffIn(outages);
    if (gapsMs === undefined || gapsMs.length < least) return [];
    const failures = outages.reduce((sum, outage) => sum + outage.failures, 0);
    const text = `${address} was gone ${outages.length} times at distances that double: ${gapsMs.map(spanText).join(", ")}`;
    return [{ kind: "outage-gaps", text, failures, of: failed.length, address, gapsMs }];
  });
}

interface Outage {
  readonly fromMs: number;
  readonly toMs: number;
  readonly failures: number;
}

/**
 * Failures between which no request can have been served: they follow each other within some seconds, or
 * within the time of some requests to that address at the load of the moment.
 */
function outagesOf(attempts: readonly FailedAttempt[], requestsAt: (ms: number) => number): Outage[] {
  const outages: Outage[] = [];
  for (const moment of attempts.map(({ momentMs }) => momentMs).sort((a, b) => a - b)) {
    const open = outages.at(-1);
    const isPause =
      open === undefined ||
      (moment - open.toMs > leastPauseMs && requestsAt(moment) - requestsAt(open.toMs) > servedInPause);
    if (isPause) outages.push({ fromMs: moment, toMs: moment, failures: 1 });
    else outages[outages.length - 1] = { ...open, toMs: moment, failures: open.failures + 1 };
  }
  return outages;
}

/** How many requests an address had been sent by a moment, were they spread as all are. */
function requestsOf(
  traffic: Traffic,
  failed: readonly FailedAttempt[],
): (address: string) => (ms: number) => number {
  const load = loadOf(traffic, failed);
  if (load === undefined) return () => () => 0;
  const clock = trafficClock(load, traffic.fromMs, traffic.toMs);
  return (address) => {
    const attempts = traffic.addresses.get(address)?.attempts ?? 0;
    return (ms) => attempts * clock(ms);
  };
}

/** The distances that follow the back-off, rounded to the second; undefined when none do. */
function backOffIn(outages: readonly Outage[]): number[] | undefined {
  const lengths = outages.map((outage) => outage.toMs - outage.fromMs);
  const pauses = outages.slice(1).map((outage, i) => outage.fromMs - (outages[i]?.toMs ?? 0));
  const starts = outages.slice(1).map((outage, i) => outage.fromMs - (outages[i]?.fromMs ?? 0));
  return [lengths, starts, pauses]
    .filter((gaps) => followsBackOff(gaps))
    .map((gaps) => gaps.map((gap) => Math.round(gap / 1000) * 1000))[0];
}

/**
 * Whether gaps are back-offs in their order from some step on, plus the same time for each run. Among four and
 * more, one may be two of them together: of an outage in which nobody asked.
 */
function followsBackOff(gaps: readonly number[]): boolean {
  if (gaps.length < leastGaps) return false;
  for (let first = 0; first <= backOffsMs.length - leastGaps - 2; first++) {
    // Some gap is one back-off and one run; each may be that one.
    const runs = gaps.flatMap((gap, i) => [gap - backOff(first + i), gap - backOff(first + i + 1)]);
    const isFit = (runMs: number): boolean =>
      runMs >= -slackMs && runMs <= longestRunMs && fits(gaps, first, runMs);
    if (runs.some(isFit)) return true;
  }
  return false;
}

const backOff = (step: number): number => backOffsMs[Math.min(step, backOffsMs.length - 1)] ?? 0;

function fits(gaps: readonly number[], first: number, runMs: number): boolean {
  let step = first;
  let unseen = gaps.length > leastGaps ? 1 : 0;
  for (const gap of gaps) {
    const isNear = (wanted: number): boolean => Math.abs(gap - wanted) <= slackMs / 2 + slackPart * wanted;
    if (isNear(backOff(step) + runMs)) step++;
    else if (unseen-- > 0 && isNear(backOff(step) + backOff(step + 1) + 2 * runMs)) step += 2;
    else return false;
  }
  return true;
}
