import { type Bucket, type MutableAddressStats, newAddressStats } from "./bucket.ts";
import { medianMs, mergeHistogram, newHistogram } from "./histogram.ts";
import type { Timers } from "./classify.ts";
import type { GatewayScan } from "./gateway-scan.ts";
import { hopOfFormats, innermost } from "./log-hop.ts";
import { retime } from "./retime.ts";
import {
  binsOf,
  byClassOf,
  byOriginOf,
  clientsOf,
  gatewayPodsOf,
  hostsOf,
  perMinuteOf,
  requestBytesOf,
} from "./traffic-shape.ts";
import type { AddressStats, Histogram, LoggedRequest, LogHop, PathStats, Traffic } from "./traffic.ts";

/** What a request is matched to a route by. `path` is a real path of the requests counted together, without its query. */
export interface TrafficKey {
  readonly upstreamName: string;
  /** Only when the format logs it. */
  readonly host?: string;
  readonly path: string;
  /** Address that failed before the request was handed on to a default backend. */
  readonly handedOnFrom?: string;
  /** Station whose log counted them; absent: the gateway in the cluster. */
  readonly hop?: LogHop;
}

/**
 * The requests of one route. Requests are counted per upstream name, host and path template, so
 * `belongs` is asked once for each of those, with one path of many that differ in ids only.
 */
export function trafficFor(
  scan: GatewayScan,
  belongs: (key: TrafficKey) => boolean,
  timers?: Timers,
): Traffic {
  const buckets = scan.buckets.filter((bucket) => belongs(keyOf(bucket)));
  const chosen = new Set(buckets);
  const addresses = addressesOf(buckets);
  const counted = scan.kept.filter((entry) => chosen.has(entry.bucket));
  const kept = timers === undefined ? counted : retime(counted, addresses, timers);
  const requestsOf = (outcome: "failed" | "masked" | "aborted"): LoggedRequest[] =>
    kept.filter((entry) => entry.outcome === outcome).map((entry) => entry.request);
  const cuts = [...new Set(buckets.map((bucket) => scan.cut.get(bucket.upstreamName)))].filter(
    (cut) => cut !== undefined,
  );
  const hop =
    buckets.length === 0 ? hopOfFormats(scan.formats) : innermost(buckets.map((bucket) => bucket.hop));
  const requestBytes = requestBytesOf(buckets);
  const clients = clientsOf(scan, buckets);
  const hosts = hostsOf(buckets);
  return {
    fromMs: scan.fromMs,
    toMs: scan.toMs,
    formats: scan.formats,
    ...(hop === undefined ? {} : { hop }),
    requests: buckets.reduce((total, bucket) => total + bucket.requests, 0),
    byStatus: byStatusOf(buckets),
    byMethod: byMethodOf(buckets),
    outcomes: outcomesOf(buckets),
    failures: requestsOf("failed"),
    masked: requestsOf("masked"),
    aborted: requestsOf("aborted"),
    addresses,
    paths: pathsOf(buckets),
    perMinute: perMinuteOf(buckets, scan.binWidthMs),
    hasErrorLog: scan.hasErrorLog,
    bins: binsOf(scan, buckets),
    gatewayPods: gatewayPodsOf(buckets),
    byClass: byClassOf(buckets),
    byOrigin: byOriginOf(buckets),
    ...(requestBytes === undefined ? {} : { requestBytes }),
    ...(clients === undefined ? {} : { clients }),
    ...(hosts === undefined ? {} : { hosts }),
    ...(cuts.length === 0 ? {} : { cut: cuts.join("; ") }),
  };
}

function outcomesOf(buckets: readonly Bucket[]): NonNullable<Traffic["outcomes"]> {
  const sum = (key: "failed" | "masked" | "aborted"): number =>
    buckets.reduce((total, bucket) => total + bucket[key], 0);
  return { failed: sum("failed"), masked: sum("masked"), aborted: sum("aborted") };
}

const keyOf = (bucket: Bucket): TrafficKey => ({
  upstreamName: bucket.upstreamName,
  ...(bucket.host === undefined ? {} : { host: bucket.host }),
  path: bucket.examplePath,
  ...(bucket.handedOnFrom === undefined ? {} : { handedOnFrom: bucket.handedOnFrom }),
  ...(bucket.hop === undefined ? {} : { hop: bucket.hop }),
});

function byStatusOf(buckets: readonly Bucket[]): Record<string, number> {
  const counts = new Map<number, number>();
  for (const bucket of buckets) {
    for (const [status, count] of bucket.byStatus) counts.set(status, (counts.get(status) ?? 0) + count);
  }
  const ordered = [...counts].sort(([a], [b]) => a - b);
  return Object.fromEntries(ordered.map(([status, count]) => [String(status).padStart(3, "0"), count]));
}

function byMethodOf(buckets: readonly Bucket[]): Record<string, { requests: number; failed: number }> {
  const counts = new Map<string, { requests: number; failed: number }>();
  for (const bucket of buckets) {
    for (const [method, count] of bucket.byMethod) {
      const sum = counts.get(method) ?? { requests: 0, failed: 0 };
      counts.set(method, { requests: sum.requests + count.requests, failed: sum.failed + count.failed });
    }
  }
  return Object.fromEntries([...counts].sort(([a], [b]) => compare(a, b)));
}

function addressesOf(buckets: readonly Bucket[]): Map<string, MutableAddressStats> {
  const sums = new Map<string, MutableAddressStats>();
  for (const bucket of buckets) {
    for (const [address, stats] of bucket.addresses) {
      const sum = sums.get(address) ?? newAddressStats(stats.firstSeenMs);
      sums.set(address, sum);
      addStats(sum, stats);
    }
  }
  return new Map([...sums].sort(([a], [b]) => compare(a, b)));
}

function addStats(sum: MutableAddressStats, stats: AddressStats): void {
  sum.attempts += stats.attempts;
  sum.failed += stats.failed;
  for (const [failure, count] of Object.entries(stats.byClass) as [keyof AddressStats["byClass"], number][]) {
    sum.byClass[failure] = (sum.byClass[failure] ?? 0) + count;
  }
  sum.firstSeenMs = Math.min(sum.firstSeenMs, stats.firstSeenMs);
  sum.lastSeenMs = Math.max(sum.lastSeenMs, stats.lastSeenMs);
  sum.lastSentMs = Math.max(sum.lastSentMs, stats.lastSentMs);
  for (const key of ["firstSuccessMs", "firstFailureMs"] as const) {
    const value = stats[key];
    if (value !== undefined) sum[key] = Math.min(value, sum[key] ?? value);
  }
  for (const key of ["lastSuccessMs", "lastFailureMs"] as const) {
    const value = stats[key];
    if (value !== undefined) sum[key] = Math.max(value, sum[key] ?? value);
  }
}

/** Hosts of one template are put together. */
function pathsOf(buckets: readonly Bucket[]): PathStats[] {
  const sums = new Map<string, { requests: number; failed: number; amid: number; durations: Histogram }>();
  const span = failingSpan(buckets);
  for (const bucket of buckets) {
    const sum = sums.get(bucket.template) ?? { requests: 0, failed: 0, amid: 0, durations: newHistogram() };
    sums.set(bucket.template, sum);
    sum.requests += bucket.requests;
    sum.failed += bucket.failed;
    const { bins } = bucket;
    for (let i = 0; i < bins.length; i += 3) {
      if (bins[i]! >= span.from && bins[i]! <= span.to) sum.amid += bins[i + 1]!;
    }
    mergeHistogram(sum.durations, bucket.durations);
  }
  const paths = [...sums].map(([template, { requests, failed, amid, durations }]): PathStats => {
    const median = medianMs(durations);
    return {
      template,
      requests,
      failed,
      ...(span.to < span.from ? {} : { requestsAmidFailures: amid }),
      ...(median === undefined
        ? {}
        : { maxSuccessMs: durations.maxMs, medianSuccessMs: median, successDurations: durations }),
    };
  });
  return paths.sort((a, b) => b.requests - a.requests || compare(a.template, b.template));
}

/** First and last bin in which some request failed; `to` is before `from` when none did. */
function failingSpan(buckets: readonly Bucket[]): { readonly from: number; readonly to: number } {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const { bins } of buckets) {
    for (let i = 0; i < bins.length; i += 3) {
      if (bins[i + 2] === 0) continue;
      from = Math.min(from, bins[i]!);
      to = Math.max(to, bins[i]!);
    }
  }
  return { from, to };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
