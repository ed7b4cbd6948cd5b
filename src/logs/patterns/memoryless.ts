import { grouped } from "../../base/counts.ts";
import { proportionInterval } from "../../base/statistics/binomial.ts";
import { gapValues, kolmogorov } from "../../base/statistics/uniform.ts";
import type { Traffic } from "../traffic.ts";
import { type FailedAttempt, failedAttempts } from "./failed-attempts.ts";
import { loadOf, spanOf, trafficClock } from "./load.ts";
import { momentsOf } from "./moments.ts";
import type { Memoryless } from "./pattern.ts";

const leastFailures = 5;
/** With more, even the usual wobble of real traffic looks like a relation. */
const mostFailures = 5000;
/** A larger share is no longer a matter of few failures. */
const largestShare = 0.01;
/** Below this chance the moments, or the pauses between them, are not even. */
const doubt = 0.005;

/**
 * Few failures that know nothing of each other: their moments are spread evenly over time, or over the
 * traffic, and so are the pauses between them (Kolmogorov's test of both). Not told from a sample.
 */
export function memoryless(
  traffic: Traffic,
  failed: readonly FailedAttempt[] = failedAttempts(traffic),
): readonly Memoryless[] {
  const load = loadOf(traffic, failed);
  const n = failed.length;
  if (n < leastFailures || n > mostFailures || traffic.cut !== undefined || load === undefined) return [];
  const tried = Math.max(n, attemptsOf(traffic));
  if (n > largestShare * tried) return [];
  const { fromMs, toMs } = spanOf(load, traffic);
  const moments = momentsOf(failed);
  const byTraffic = moments.map(trafficClock(load, traffic.fromMs, traffic.toMs));
  const byTime = moments.map((moment) => (moment - fromMs) / Math.max(1, toMs - fromMs));
  if (!isEven(byTime) && !isEven(byTraffic)) return [];
  const { low, high } = proportionInterval(n, tried);
  const [perMillion, perMillionLow, perMillionHigh] = [(1e6 * n) / tried, 1e6 * low, 1e6 * high];
  const rate = `${figure(perMillion)} in a million (${figure(perMillionLow)} to ${figure(perMillionHigh)})`;
  const text = `${grouped(n)} of ${grouped(tried)} attempts failed, ${rate}, spread over the whole time, no two of them related`;
  return [{ kind: "memoryless", text, failures: n, of: n, perMillion, perMillionLow, perMillionHigh }];
}

const isEven = (places: readonly number[]): boolean => {
  const within = places.map((place) => Math.min(1, Math.max(0, place)));
  return kolmogorov(within).p >= doubt && kolmogorov(gapValues(within)).p >= doubt;
};

/** All attempts that the log counts, or its requests where it knows no attempts. */
function attemptsOf(traffic: Traffic): number {
  let attempts = 0;
  for (const stats of traffic.addresses.values()) attempts += stats.attempts;
  return Math.max(attempts, traffic.requests);
}

const figure = (value: number): string =>
  value >= 100 ? grouped(Math.round(value)) : String(Number(value.toPrecision(2)));
