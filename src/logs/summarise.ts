import type { Bucket } from "./bucket.ts";
import type { GatewayScan, GatewayTraffic, KeptRequest, ScanSeries, StationCounts } from "./gateway-scan.ts";
import { innermost } from "./log-hop.ts";
import type { Resolved } from "./sample.ts";
import { bucketsOf } from "./scan/buckets-of.ts";
import { hops } from "./scan/counts.ts";
import type { ScanState } from "./scan/scan-state.ts";
import type { Seen } from "./scan/seen.ts";
import { sortedRecord } from "./scan/sorted-record.ts";
import { binOf, shownBins } from "./scan/time-bins.ts";
import type { Unjoined } from "./scan/unjoined.ts";
import type { LogHop } from "./traffic.ts";

interface Parts {
  readonly state: ScanState;
  readonly seen: Seen;
  readonly resolved: readonly Resolved[];
  readonly cut: ReadonlyMap<string, string>;
  readonly unjoined: Unjoined;
  /** Said before those that the counts tell. */
  readonly losses: readonly string[];
  readonly nowMs: number;
}

export function summarise(parts: Parts): GatewayScan {
  const { seen, state } = parts;
  const byId = bucketsOf(state.counts, state.buckets.all);
  const buckets = [...byId].sort((a, b) => compare(sortKey(a), sortKey(b)));
  const formats = new Map([...seen.formats].filter(([, lines]) => lines > 0));
  if (seen.error > 0) formats.set("nginx-error", seen.error);
  if (seen.klog > 0) formats.set("klog", seen.klog);
  if (seen.connection > 0) formats.set("aws-nlb-tls", seen.connection);
  if (seen.event > 0) formats.set("gateway-event", seen.event);
  const span = {
    fromMs: Number.isFinite(seen.fromMs) ? seen.fromMs : parts.nowMs,
    toMs: Number.isFinite(seen.toMs) ? seen.toMs : parts.nowMs,
  };
  const main = innermost(buckets.map((bucket) => bucket.hop));
  const mainBuckets = buckets.filter((bucket) => bucket.hop === main);
  const series = seriesOf(parts, span, main);
  return {
    lines: {
      total: seen.total,
      access: seen.access,
      error: seen.error,
      other: seen.klog + seen.connection + seen.event,
      unrecognised: seen.unrecognised,
      repeated: seen.repeated,
    },
    formats: sortedRecord(formats),
    ...span,
    hasErrorLog: seen.error > 0,
    totals: totalsOf(mainBuckets),
    stations: stationsOf(buckets),
    buckets,
    binWidthMs: state.counts.widthMs,
    clients: new Map(
      [...state.counts.clients].map(([name, { requests, failed }]) => [
        name,
        { requests: requests.data(), failed: failed.data() },
      ]),
    ),
    kept: parts.resolved.map(({ bucket, outcome, request }): KeptRequest => ({
      bucket: byId[bucket]!,
      outcome,
      request,
    })),
    unjoined: parts.unjoined.result(),
    signals: state.signals.kept(),
    signalCounts: state.signals.counts(),
    gatewayTraffic: gatewayTrafficOf(mainBuckets),
    cut: cutOf(parts),
    losses: [...parts.losses, ...ownLosses(parts)],
    unrecognised: seen.samples,
    ...(series === undefined ? {} : { series }),
  };
}

function totalsOf(buckets: readonly Bucket[]): GatewayScan["totals"] {
  const byClass = new Map<string, number>();
  const byOrigin = new Map<string, number>();
  const sums = { requests: 0, failed: 0, masked: 0, aborted: 0, attempts: 0, failedAttempts: 0 };
  for (const bucket of buckets) {
    for (const key of ["requests", "failed", "masked", "aborted"] as const) sums[key] += bucket[key];
    for (const stats of bucket.addresses.values()) {
      sums.attempts += stats.attempts;
      sums.failedAttempts += stats.failed;
    }
    for (const [name, count] of bucket.byClass) byClass.set(name, (byClass.get(name) ?? 0) + count);
    for (const [name, count] of bucket.byOrigin) byOrigin.set(name, (byOrigin.get(name) ?? 0) + count);
  }
  return { ...sums, byClass: sortedRecord(byClass), byOrigin: sortedRecord(byOrigin) };
}

function seriesOf(
  { state }: Parts,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  main: LogHop | undefined,
): ScanSeries | undefined {
  const { counts, buckets } = state;
  if (counts.times.size === 0) return undefined;
  const range = shownBins(fromMs, toMs, counts.widthMs);
  const first = binOf(range.fromMs, counts.widthMs);
  const ratio = range.widthMs / counts.widthMs;
  const placeOf = (bin: number): number => Math.floor((bin - first) / ratio);
  const requests = Array.from({ length: range.length }, () => 0);
  const failed = new Map<string, number[]>();
  counts.times.each((id, bin, cells, at) => {
    if (buckets.all[id]?.hop !== main) return;
    const place = placeOf(bin);
    if (place >= 0 && place < range.length) requests[place]! += cells[at]!;
  });
  counts.failures.each((code, bin, cells, at) => {
    if (hops[Math.floor(code / 1000)] !== main) return;
    const place = placeOf(bin);
    const status = String(code % 1000).padStart(3, "0");
    const row = failed.get(status) ?? Array.from({ length: range.length }, () => 0);
    failed.set(status, row);
    if (place >= 0 && place < range.length) row[place]! += cells[at]!;
  });
  const failedByStatus = Object.fromEntries([...failed].sort(([a], [b]) => compare(a, b)));
  return { fromMs: range.fromMs, widthMs: range.widthMs, requests, failedByStatus };
}

/** From the inside out. */
function stationsOf(buckets: readonly Bucket[]): StationCounts[] {
  return hops.flatMap((hop): StationCounts[] => {
    const own = buckets.filter((bucket) => bucket.hop === hop);
    if (own.length === 0) return [];
    const byStatus = new Map<string, number>();
    for (const bucket of own)
      for (const [code, count] of bucket.byStatus) {
        const status = String(code).padStart(3, "0");
        byStatus.set(status, (byStatus.get(status) ?? 0) + count);
      }
    const { requests, failed } = gatewayTrafficOf(own);
    return [{ ...(hop === undefined ? {} : { hop }), requests, failed, byStatus: sortedRecord(byStatus) }];
  });
}

function gatewayTrafficOf(buckets: readonly Bucket[]): GatewayTraffic {
  const routes = new Map<string, { upstreamName: string; requests: number; failed: number }>();
  let requests = 0;
  let failed = 0;
  for (const bucket of buckets) {
    const { upstreamName } = bucket;
    const route = routes.get(upstreamName) ?? { upstreamName, requests: 0, failed: 0 };
    routes.set(upstreamName, route);
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

function cutOf({ cut, state }: Parts): Map<string, string> {
  const all = new Map(cut);
  const add = (name: string, words: string): void =>
    void all.set(name, all.has(name) ? `${all.get(name)}; ${words}` : words);
  for (const name of [...state.buckets.folded].sort())
    add(name, "more path templates than are kept apart; the rest is folded");
  return all;
}

function ownLosses({ seen, state }: Parts): string[] {
  const losses: string[] = [];
  const { long } = seen;
  if (long > 0)
    losses.push(
      `${long === 1 ? "1 line longer than 128 KiB was" : `${long} lines longer than 128 KiB were`} read up to that length`,
    );
  if (state.counts.addressesFolded || state.counts.addressNames.folded)
    losses.push('addresses: more than are kept apart; attempts at the others are counted under "other"');
  if (state.suspects.isFull)
    losses.push(
      "error log: more cut answers than can be looked for; some of their requests count as successes",
    );
  return losses;
}

export const inOrderOfTime = (resolved: readonly Resolved[]): Resolved[] =>
  [...resolved].sort((a, b) => a.request.endMs - b.request.endMs || compare(a.request.line, b.request.line));

const sortKey = (bucket: Bucket): string =>
  `${bucket.hop ?? ""} ${bucket.upstreamName} ${bucket.host ?? ""} ${bucket.template} ${bucket.handedOnFrom ?? ""}`;
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
