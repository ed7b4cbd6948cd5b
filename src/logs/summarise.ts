import type { LogStream } from "../evidence/evidence.ts";
import { addDuration, type Bucket, countAttempt, countRequest } from "./bucket.ts";
import type { Buckets } from "./buckets.ts";
import type { Collected } from "./collect-lines.ts";
import type { ErrorEntry } from "./error-index.ts";
import type { GatewayScan, GatewayTraffic, KeptRequest, UnjoinedErrors } from "./gateway-scan.ts";
import type { ResolvedRequest } from "./resolve-request.ts";
import type { FailureClass, LoggedRequest, Origin } from "./traffic.ts";

/** What is counted while lines are read. */
export interface Totals {
  access: number;
  unrecognised: number;
  attempts: number;
  failedAttempts: number;
  readonly byClass: Map<FailureClass, number>;
  readonly byOrigin: Map<Origin, number>;
  readonly offsets: Map<string, number>;
  fromMs: number;
  toMs: number;
  unjoined: UnjoinedErrors;
  see(timeMs: number): void;
  count(bucket: Bucket, request: LoggedRequest, outcome: ResolvedRequest["outcome"]): void;
  takeUnjoined(entries: readonly ErrorEntry[]): void;
}

export function newTotals(): Totals {
  const totals: Totals = {
    access: 0,
    unrecognised: 0,
    attempts: 0,
    failedAttempts: 0,
    byClass: new Map(),
    byOrigin: new Map(),
    offsets: new Map(),
    fromMs: Number.POSITIVE_INFINITY,
    toMs: Number.NEGATIVE_INFINITY,
    unjoined: { count: 0, byClass: {}, samples: [] },
    see(timeMs) {
      if (timeMs < totals.fromMs) totals.fromMs = timeMs;
      if (timeMs > totals.toMs) totals.toMs = timeMs;
    },
    count: (bucket, request, outcome) => countResolved(totals, bucket, request, outcome),
    takeUnjoined(entries) {
      totals.unjoined = unjoinedOf(entries);
    },
  };
  return totals;
}

function countResolved(
  totals: Totals,
  bucket: Bucket,
  request: LoggedRequest,
  outcome: ResolvedRequest["outcome"],
): void {
  countRequest(bucket, request.status, request.method, request.endMs, outcome === "failed");
  if (outcome === "masked") bucket.masked++;
  if (outcome === "aborted") bucket.aborted++;
  for (const attempt of request.attempts) {
    if (attempt.failure !== undefined) bump(totals.byClass, attempt.failure);
    const result = attempt.failure ?? (attempt.status === undefined ? "left" : "success");
    countAttempt(bucket, attempt.address, attempt.endMs, result);
  }
  const failedAttempts = request.attempts.filter((attempt) => attempt.failure !== undefined).length;
  if (failedAttempts === 0 && request.failure !== undefined) bump(totals.byClass, request.failure);
  if (request.origin !== undefined && request.status >= 502 && request.status <= 504)
    bump(totals.byOrigin, request.origin);
  if (outcome === "success" && request.status < 400) addDuration(bucket.durations, request.durationMs);
}

const bump = <K>(counts: Map<K, number>, key: K): void => void counts.set(key, (counts.get(key) ?? 0) + 1);

const samplesAtEachEnd = 10;

function unjoinedOf(entries: readonly ErrorEntry[]): UnjoinedErrors {
  const byClass = new Map<FailureClass, number>();
  const failing: ErrorEntry[] = [];
  for (const entry of entries) {
    if (entry.meaning.failure === undefined) continue;
    bump(byClass, entry.meaning.failure);
    failing.push(entry);
  }
  const ends =
    failing.length <= samplesAtEachEnd * 2
      ? failing
      : [...failing.slice(0, samplesAtEachEnd), ...failing.slice(-samplesAtEachEnd)];
  const samples = ends.map((entry) => ({
    timeMs: entry.timeMs,
    failure: entry.meaning.failure ?? "unclassified",
    ...(entry.address === undefined ? {} : { address: entry.address }),
    ...(entry.host === undefined ? {} : { host: entry.host }),
    message: entry.message,
  }));
  return { count: failing.length, byClass: sortedRecord(byClass), samples };
}

interface Parts {
  readonly collected: Collected;
  readonly buckets: Buckets;
  readonly totals: Totals;
  readonly formatCounts: ReadonlyMap<string, number>;
  readonly kept: readonly KeptRequest[];
  readonly cut: Map<string, string>;
  readonly streams: readonly LogStream[];
  readonly nowMs: number;
}

export function summarise(parts: Parts): GatewayScan {
  const { collected, totals } = parts;
  const { counts } = collected;
  for (const entry of collected.errors) totals.see(entry.timeMs);
  const buckets = parts.buckets.all().sort((a, b) => compare(sortKey(a), sortKey(b)));
  for (const name of parts.buckets.folded()) {
    parts.cut.set(
      name,
      [parts.cut.get(name), "more path templates than are kept apart; the rest is folded"]
        .filter(Boolean)
        .join("; "),
    );
  }
  const formats = new Map(parts.formatCounts);
  if (counts.error > 0) formats.set("nginx-error", counts.error);
  if (counts.klog > 0) formats.set("klog", counts.klog);
  if (counts.connection > 0) formats.set("aws-nlb-tls", counts.connection);
  const sum = (value: (bucket: Bucket) => number): number =>
    buckets.reduce((total, bucket) => total + value(bucket), 0);
  return {
    lines: {
      total: counts.total,
      access: totals.access,
      error: counts.error,
      other: counts.klog + counts.connection,
      unrecognised: counts.unrecognised + totals.unrecognised,
      repeated: counts.repeated,
    },
    formats: sortedRecord(formats),
    fromMs: Number.isFinite(totals.fromMs) ? totals.fromMs : parts.nowMs,
    toMs: Number.isFinite(totals.toMs) ? totals.toMs : parts.nowMs,
    hasErrorLog: counts.error > 0,
    totals: {
      requests: sum((bucket) => bucket.requests),
      failed: sum((bucket) => bucket.failed),
      masked: sum((bucket) => bucket.masked),
      aborted: sum((bucket) => bucket.aborted),
      attempts: sum((bucket) => sumOf(bucket.addresses.values(), (stats) => stats.attempts)),
      failedAttempts: sum((bucket) => sumOf(bucket.addresses.values(), (stats) => stats.failed)),
      byClass: sortedRecord(totals.byClass),
      byOrigin: sortedRecord(totals.byOrigin),
    },
    buckets,
    kept: parts.kept,
    unjoined: totals.unjoined,
    signals: collected.signals.kept(),
    signalCounts: collected.signals.counts(),
    gatewayTraffic: gatewayTrafficOf(buckets),
    cut: parts.cut,
    losses: lossesOf(parts),
  };
}

function gatewayTrafficOf(buckets: readonly Bucket[]): GatewayTraffic {
  const routes = new Map<string, { upstreamName: string; requests: number; failed: number }>();
  let requests = 0;
  let failed = 0;
  for (const bucket of buckets) {
    const route = routes.get(bucket.upstreamName) ?? {
      upstreamName: bucket.upstreamName,
      requests: 0,
      failed: 0,
    };
    routes.set(bucket.upstreamName, route);
    route.requests += bucket.requests;
    route.failed += bucket.failed;
    requests += bucket.requests;
    failed += bucket.failed;
  }
  return {
    requests,
    failed,
    routes: [...routes.values()].sort((a, b) => compare(a.upstreamName, b.upstreamName)),
  };
}

function lossesOf(parts: Parts): string[] {
  const losses = parts.streams
    .filter((stream) => stream.bytes === undefined)
    .map((stream) => `${stream.name}: ${stream.reason ?? "not read"}`);
  for (const { name, droppedBytes } of parts.streams) {
    if (droppedBytes !== undefined && droppedBytes > 0)
      losses.push(`${name}: ${droppedBytes} older bytes were left out`);
  }
  const { long } = parts.collected.counts;
  if (long > 0)
    losses.push(
      `${long === 1 ? "1 line longer than 128 KiB was" : `${long} lines longer than 128 KiB were`} read up to that length`,
    );
  return losses;
}

const sortKey = (bucket: Bucket): string => `${bucket.upstreamName} ${bucket.host ?? ""} ${bucket.template}`;
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function sumOf<T>(items: Iterable<T>, value: (item: T) => number): number {
  let total = 0;
  for (const item of items) total += value(item);
  return total;
}

function sortedRecord<K extends string>(
  counts: ReadonlyMap<K, number>,
): { [P in K]?: number } & Record<string, number> {
  return Object.fromEntries([...counts].sort(([a], [b]) => compare(a, b))) as { [P in K]?: number } & Record<
    string,
    number
  >;
}
