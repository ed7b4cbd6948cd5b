import type { AddressStats, FailureClass, Histogram } from "./traffic.ts";

/** Counts of the requests of one upstream name, host and path template. */
export interface Bucket {
  readonly upstreamName: string;
  readonly host?: string;
  /** Address that was asked before a default backend was: the upstream name is then the default backend's. */
  readonly handedOnFrom?: string;
  readonly template: string;
  /** A path as it was really asked for, so that a rule can be matched against it: the least in order of those seen. */
  examplePath: string;
  requests: number;
  failed: number;
  masked: number;
  aborted: number;
  readonly byStatus: Map<number, number>;
  readonly byMethod: Map<string, Count>;
  readonly minutes: Map<number, Count>;
  readonly addresses: Map<string, MutableAddressStats>;
  readonly durations: Histogram;
  /** The minute and address of the request before, which are usually the next one's too. */
  lastMinute: number;
  lastCount: Count;
  lastAddress: string;
  lastStats: MutableAddressStats | undefined;
}

interface Count {
  requests: number;
  failed: number;
}

export type MutableAddressStats = { -readonly [K in keyof AddressStats]: AddressStats[K] } & {
  byClass: Partial<Record<FailureClass, number>>;
};

export function newBucket(
  upstreamName: string,
  host: string,
  template: string,
  examplePath: string,
  handedOnFrom?: string,
): Bucket {
  return {
    upstreamName,
    ...(host === "" ? {} : { host }),
    ...(handedOnFrom === undefined ? {} : { handedOnFrom }),
    template,
    examplePath,
    requests: 0,
    failed: 0,
    masked: 0,
    aborted: 0,
    byStatus: new Map(),
    byMethod: new Map(),
    minutes: new Map(),
    addresses: new Map(),
    durations: newHistogram(),
    lastMinute: Number.NaN,
    lastCount: { requests: 0, failed: 0 },
    lastAddress: "",
    lastStats: undefined,
  };
}

/** Counts one request in everything but its attempts. */
export function countRequest(
  bucket: Bucket,
  status: number,
  method: string,
  endMs: number,
  failed: boolean,
): void {
  bucket.requests++;
  bucket.byStatus.set(status, (bucket.byStatus.get(status) ?? 0) + 1);
  const counts = [countOf(bucket.byMethod, shortMethod(method, bucket.byMethod)), minuteOf(bucket, endMs)];
  for (const count of counts) count.requests++;
  if (!failed) return;
  bucket.failed++;
  for (const count of counts) count.failed++;
}

const maxMethods = 20;

/** Garbage requests must not make one entry each. */
function shortMethod(method: string, known: Map<string, Count>): string {
  if (known.has(method)) return method;
  return known.size < maxMethods && /^[A-Z]{1,20}$/.test(method) ? method : "other";
}

function countOf<K>(counts: Map<K, Count>, key: K): Count {
  const found = counts.get(key);
  if (found !== undefined) return found;
  const fresh = { requests: 0, failed: 0 };
  counts.set(key, fresh);
  return fresh;
}

function minuteOf(bucket: Bucket, endMs: number): Count {
  const minute = Math.floor(endMs / 60_000);
  if (minute !== bucket.lastMinute) {
    bucket.lastMinute = minute;
    bucket.lastCount = countOf(bucket.minutes, minute);
  }
  return bucket.lastCount;
}

const maxAddresses = 5000;

/** Counts one attempt; `outcome` is its failure class, or whether it succeeded or was left by the client. */
export function countAttempt(
  bucket: Bucket,
  address: string,
  endMs: number,
  outcome: FailureClass | "success" | "left",
): void {
  if (address === "" || address === "-") return;
  const stats = statsOf(bucket, address, endMs);
  stats.attempts++;
  if (endMs < stats.firstSeenMs) stats.firstSeenMs = endMs;
  if (endMs > stats.lastSeenMs) stats.lastSeenMs = endMs;
  if (outcome === "left") return;
  if (outcome === "success") {
    if (stats.firstSuccessMs === undefined || endMs < stats.firstSuccessMs) stats.firstSuccessMs = endMs;
    if (stats.lastSuccessMs === undefined || endMs > stats.lastSuccessMs) stats.lastSuccessMs = endMs;
    return;
  }
  stats.failed++;
  stats.byClass[outcome] = (stats.byClass[outcome] ?? 0) + 1;
  if (stats.firstFailureMs === undefined || endMs < stats.firstFailureMs) stats.firstFailureMs = endMs;
  if (stats.lastFailureMs === undefined || endMs > stats.lastFailureMs) stats.lastFailureMs = endMs;
}

function statsOf(bucket: Bucket, address: string, endMs: number): MutableAddressStats {
  if (bucket.lastStats !== undefined && bucket.lastAddress === address) return bucket.lastStats;
  const key = bucket.addresses.has(address) || bucket.addresses.size < maxAddresses ? address : "other";
  let stats = bucket.addresses.get(key);
  if (stats === undefined) {
    stats = newAddressStats(endMs);
    bucket.addresses.set(key, stats);
  }
  bucket.lastAddress = address;
  bucket.lastStats = stats;
  return stats;
}

export const newAddressStats = (endMs: number): MutableAddressStats => ({
  attempts: 0,
  failed: 0,
  byClass: {},
  firstSeenMs: endMs,
  lastSeenMs: endMs,
});

const binsPerDoubling = 8;
const binCount = 28 * binsPerDoubling;

export const newHistogram = (): Histogram => ({ bins: undefined, count: 0, maxMs: 0 });

export function addDuration(histogram: Histogram, ms: number): void {
  histogram.bins ??= new Uint32Array(binCount);
  const bin = Math.min(binCount - 1, Math.floor(Math.log2(ms + 1) * binsPerDoubling));
  histogram.bins[bin] = (histogram.bins[bin] ?? 0) + 1;
  histogram.count++;
  if (ms > histogram.maxMs) histogram.maxMs = ms;
}

export function mergeHistogram(into: Histogram, from: Histogram): void {
  if (from.bins === undefined) return;
  into.bins ??= new Uint32Array(binCount);
  for (let i = 0; i < binCount; i++) into.bins[i] = (into.bins[i] ?? 0) + (from.bins[i] ?? 0);
  into.count += from.count;
  into.maxMs = Math.max(into.maxMs, from.maxMs);
}

/** Middle of the bin that holds the median, in whole milliseconds; undefined when nothing was counted. */
export function medianMs(histogram: Histogram): number | undefined {
  if (histogram.bins === undefined || histogram.count === 0) return undefined;
  let left = (histogram.count + 1) / 2;
  for (let i = 0; i < binCount; i++) {
    left -= histogram.bins[i] ?? 0;
    if (left <= 0) return Math.min(histogram.maxMs, Math.round(2 ** ((i + 0.5) / binsPerDoubling) - 1));
  }
  return histogram.maxMs;
}
