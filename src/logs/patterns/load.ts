import type { Traffic } from "../traffic.ts";
import { countOfAll, type FailedAttempt } from "./failed-attempts.ts";

/** Requests over time, in bins of equal width that follow each other without a gap. */
export interface Load {
  readonly fromMs: number;
  readonly widthMs: number;
  readonly requests: readonly number[];
}

const mostBins = 4096;
const minuteMs = 60_000;

/**
 * From the log's bins, else from its minutes; undefined for a log without requests. The log counts requests when
 * they end: those that `failed` is about are counted when they went wrong, as the failures are.
 */
export function loadOf(traffic: Traffic, failed: readonly FailedAttempt[]): Load | undefined {
  const known = found.get(failed);
  if (known?.traffic === traffic) return known.load;
  const load = loadWhenFailed(traffic, failed);
  found.set(failed, { traffic, load });
  return load;
}

/** Every pattern asks for the same. */
const found = new WeakMap<readonly FailedAttempt[], { traffic: Traffic; load: Load | undefined }>();

function loadWhenFailed(traffic: Traffic, failed: readonly FailedAttempt[]): Load | undefined {
  const load = loadByEnd(traffic);
  if (load === undefined) return undefined;
  const weight = failed.length === 0 ? 0 : countOfAll(traffic, failed) / failed.length;
  const requests = [...load.requests];
  const binAt = (ms: number): number =>
    Math.min(requests.length - 1, Math.max(0, Math.floor((ms - load.fromMs) / load.widthMs)));
  const moved = new Set<FailedAttempt["request"]>();
  for (const { request, momentMs } of failed) {
    const [from, to] = [binAt(request.endMs), binAt(momentMs)];
    if (from === to || moved.has(request)) continue;
    moved.add(request);
    requests[from] = Math.max(0, (requests[from] ?? 0) - weight);
    // What went wrong before the log begins is in no bin.
    if (momentMs >= load.fromMs) requests[to] = (requests[to] ?? 0) + weight;
  }
  return { ...load, requests: requests.map(Math.round) };
}

function loadByEnd(traffic: Traffic): Load | undefined {
  const { bins } = traffic;
  if (bins !== undefined && bins.widthMs > 0 && bins.requests.some((count) => count > 0)) return bins;
  const first = traffic.perMinute[0];
  const last = traffic.perMinute.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const minutes = (last.fromMs - first.fromMs) / minuteMs + 1;
  const widthMs = minuteMs * Math.ceil(minutes / mostBins);
  const requests = Array.from({ length: Math.ceil((minutes * minuteMs) / widthMs) }, () => 0);
  for (const minute of traffic.perMinute) {
    const i = Math.floor((minute.fromMs - first.fromMs) / widthMs);
    requests[i] = (requests[i] ?? 0) + minute.requests;
  }
  return { fromMs: first.fromMs, widthMs, requests };
}

/** The same in bins `factor` times as wide; a last bin that is not full is left out. */
export function coarser(load: Load, factor: number): Load {
  const requests = Array.from({ length: Math.max(1, Math.floor(load.requests.length / factor)) }, (_, i) =>
    load.requests.slice(i * factor, (i + 1) * factor).reduce((sum, count) => sum + count, 0),
  );
  return { fromMs: load.fromMs, widthMs: load.widthMs * factor, requests };
}

/** How many of `moments` fall in each bin of `load`. */
export function countsIn(load: Load, moments: readonly number[]): number[] {
  const counts = load.requests.map(() => 0);
  for (const moment of moments) {
    const i = Math.floor((moment - load.fromMs) / load.widthMs);
    if (i >= 0 && i < counts.length) counts[i] = (counts[i] ?? 0) + 1;
  }
  return counts;
}

/**
 * A clock that runs with the traffic: the part of all requests, 0 to 1, that had come by a moment. Failures
 * that strike each request alike are even on it, whatever the load does.
 */
export function trafficClock(load: Load, fromMs: number, toMs: number): (ms: number) => number {
  const upTo = [0];
  for (const count of load.requests) upTo.push((upTo.at(-1) ?? 0) + count);
  const total = upTo.at(-1) ?? 0;
  return (ms) => {
    const i = Math.floor((ms - load.fromMs) / load.widthMs);
    if (total === 0 || i < 0) return 0;
    if (i >= load.requests.length) return 1;
    // The first and the last bin may reach beyond the log.
    const start = Math.max(load.fromMs + i * load.widthMs, fromMs);
    const end = Math.min(load.fromMs + (i + 1) * load.widthMs, Math.max(toMs, start + 1));
    const part = Math.min(1, Math.max(0, (ms - start) / (end - start)));
    return ((upTo[i] ?? 0) + part * (load.requests[i] ?? 0)) / total;
  };
}

/** From the first to past the last bin that has a request, within the log. */
export function spanOf(load: Load, traffic: Traffic): { readonly fromMs: number; readonly toMs: number } {
  const first = load.requests.findIndex((count) => count > 0);
  const last = load.requests.findLastIndex((count) => count > 0);
  return {
    fromMs: Math.max(traffic.fromMs, load.fromMs + first * load.widthMs),
    toMs: Math.min(traffic.toMs, load.fromMs + (last + 1) * load.widthMs),
  };
}
