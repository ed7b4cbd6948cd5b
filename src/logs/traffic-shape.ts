import type { Bucket } from "./bucket.ts";
import type { GatewayScan } from "./gateway-scan.ts";
import { mergeHistogram, newHistogram } from "./histogram.ts";
import { HeavyHitters } from "./scan/heavy-hitters.ts";
import { sortedRecord } from "./scan/sorted-record.ts";
import { binOf, binStartMs, shownBins } from "./scan/time-bins.ts";
import type { HeavyHitters as ShownHitters, Share, TimeBins, Traffic } from "./traffic.ts";

const minuteMs = 60_000;

/** Minutes with at least one request, in order; wider steps when the log was too long to be counted by minutes. */
export function perMinuteOf(buckets: readonly Bucket[], widthMs: number): Traffic["perMinute"] {
  const stepMs = Math.max(minuteMs, widthMs);
  const sums = new Map<number, { requests: number; failed: number }>();
  for (const { bins } of buckets) {
    for (let i = 0; i < bins.length; i += 3) {
      const step = Math.floor(binStartMs(bins[i]!, widthMs) / stepMs);
      const sum = sums.get(step) ?? { requests: 0, failed: 0 };
      sums.set(step, sum);
      sum.requests += bins[i + 1]!;
      sum.failed += bins[i + 2]!;
    }
  }
  const ordered = [...sums].sort(([a], [b]) => a - b);
  return ordered.map(([step, count]) => ({ fromMs: step * stepMs, ...count }));
}

/** Bins of the whole log's span, so that those of several routes lie side by side. */
export function binsOf(scan: GatewayScan, buckets: readonly Bucket[]): TimeBins {
  const { binWidthMs } = scan;
  const { fromMs, widthMs, length } = shownBins(scan.fromMs, scan.toMs, binWidthMs);
  const first = binOf(fromMs, binWidthMs);
  const requests = Array.from({ length }, () => 0);
  const failed = Array.from({ length }, () => 0);
  for (const { bins } of buckets) {
    for (let i = 0; i < bins.length; i += 3) {
      const place = Math.floor(((bins[i]! - first) * binWidthMs) / widthMs);
      if (place < 0 || place >= length) continue;
      requests[place]! += bins[i + 1]!;
      failed[place]! += bins[i + 2]!;
    }
  }
  return { fromMs, widthMs, requests, failed };
}

/** Requests of no known pod are under "". */
export function gatewayPodsOf(buckets: readonly Bucket[]): ReadonlyMap<string, Share> {
  const sums = new Map<string, { requests: number; failed: number }>();
  const add = (pod: string, { requests, failed }: Share): void => {
    const sum = sums.get(pod) ?? { requests: 0, failed: 0 };
    sums.set(pod, { requests: sum.requests + requests, failed: sum.failed + failed });
  };
  for (const bucket of buckets) {
    let { requests, failed } = bucket;
    for (const [pod, share] of bucket.gatewayPods) {
      add(pod, share);
      requests -= share.requests;
      failed -= share.failed;
    }
    if (requests > 0) add("", { requests, failed });
  }
  return new Map([...sums].sort(([a], [b]) => compare(a, b)));
}

/** Requests of lines without a host are under ""; undefined when no line has one. */
export function hostsOf(buckets: readonly Bucket[]): ReadonlyMap<string, Share> | undefined {
  const sums = new Map<string, { requests: number; failed: number }>();
  for (const { host = "", requests, failed } of buckets) {
    const sum = sums.get(host) ?? { requests: 0, failed: 0 };
    sums.set(host, { requests: sum.requests + requests, failed: sum.failed + failed });
  }
  if (sums.size === 0 || (sums.size === 1 && sums.has(""))) return undefined;
  return new Map([...sums].sort(([a], [b]) => compare(a, b)));
}

export function requestBytesOf(buckets: readonly Bucket[]): Traffic["requestBytes"] {
  const sums = { failed: newHistogram(), succeeded: newHistogram() };
  for (const { requestBytes } of buckets) {
    mergeHistogram(sums.failed, requestBytes.failed);
    mergeHistogram(sums.succeeded, requestBytes.succeeded);
  }
  return sums.failed.count + sums.succeeded.count === 0 ? undefined : sums;
}

export const byClassOf = (buckets: readonly Bucket[]): NonNullable<Traffic["byClass"]> =>
  sortedRecord(summed(buckets.map(({ byClass }) => byClass)));

export const byOriginOf = (buckets: readonly Bucket[]): NonNullable<Traffic["byOrigin"]> =>
  sortedRecord(summed(buckets.map(({ byOrigin }) => byOrigin)));

function summed<K>(maps: readonly ReadonlyMap<K, number>[]): Map<K, number> {
  const sums = new Map<K, number>();
  for (const map of maps) for (const [key, count] of map) sums.set(key, (sums.get(key) ?? 0) + count);
  return sums;
}

/** Clients are counted per upstream name: of a part of one's requests they are not known. */
export function clientsOf(scan: GatewayScan, buckets: readonly Bucket[]): ShownHitters | undefined {
  const chosen = new Set(buckets);
  const names = new Set(buckets.map(({ upstreamName }) => upstreamName));
  const isWhole = scan.buckets.every((bucket) => chosen.has(bucket) || !names.has(bucket.upstreamName));
  if (!isWhole || names.size === 0) return undefined;
  const requests = new HeavyHitters();
  const failed = new HeavyHitters();
  for (const name of names) {
    const counted = scan.clients.get(name);
    if (counted === undefined) return undefined;
    requests.merge(counted.requests);
    failed.merge(counted.failed);
  }
  const sent = countsOf(requests);
  const missed = countsOf(failed);
  const keys = [...new Set([...sent.keys(), ...missed.keys()])]
    .map((key) => {
      const failures = missed.get(key) ?? 0;
      return { key, requests: Math.max(sent.get(key) ?? requests.offset, failures), failed: failures };
    })
    .sort((a, b) => b.requests - a.requests || b.failed - a.failed || compare(a.key, b.key));
  return { keys, maxError: Math.max(requests.offset, failed.offset) };
}

function countsOf(hitters: HeavyHitters): Map<string, number> {
  const { keys, counts, offset } = hitters.data();
  return new Map(keys.map((key, i) => [key, counts[i]! + offset]));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
