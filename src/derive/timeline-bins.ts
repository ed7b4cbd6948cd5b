import type { LoggedRequest, Traffic } from "../logs/traffic.ts";
import type { MetricRequests } from "./metric-views.ts";
import { compareText } from "./shape.ts";
import type { Window } from "./timeline-window.ts";

/** Requests and failures in bins of equal width. */
export interface FailureBins {
  readonly fromMs: number;
  readonly widthMs: number;
  /** All requests of each bin; absent when they were not counted over time. */
  readonly requests?: readonly number[];
  /** Most failures first; "502 connect-refused", `restKey` and `maskedKey` last. */
  readonly series: readonly { readonly key: string; readonly counts: readonly number[] }[];
}

/** Failures of other kinds, and those of which only the number is known. */
const restKey = "other";
/** Failed attempts that a retry hid from the client. */
export const maskedKey = "hidden by a retry";

/** Widths that a person reads easily, in seconds. */
const widths = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400];
const mostBins = 90;
const mostKinds = 4;

export function failureBins(traffic: Traffic, window: Window): FailureBins | undefined {
  if (traffic.requests === 0) return undefined;
  const widthMs = binWidthMs(window, traffic.bins?.widthMs ?? 1000);
  const fromMs = Math.floor(window.fromMs / widthMs) * widthMs;
  const length = Math.max(1, Math.ceil((window.toMs + 1 - fromMs) / widthMs));
  const grid = { fromMs, widthMs, length };
  const ofKind = countsByKind(traffic.failures, kindOf, grid);
  const kinds = [...ofKind]
    .map(([key, counts]) => ({ key, counts }))
    .sort((a, b) => sum(b.counts) - sum(a.counts) || compareText(a.key, b.key));
  const shown = kinds.slice(0, mostKinds);
  const rest = restOf(kinds.slice(mostKinds), kinds, traffic, grid);
  const masked = countsByKind(traffic.masked, () => maskedKey, grid).get(maskedKey);
  return {
    fromMs,
    widthMs,
    ...(traffic.bins === undefined ? {} : { requests: rebinned(traffic.bins, "requests", grid) }),
    series: [
      ...shown,
      ...(sum(rest) > 0 ? [{ key: restKey, counts: rest }] : []),
      ...(masked === undefined ? [] : [{ key: maskedKey, counts: masked }]),
    ],
  };
}

/** What counters grew by between two looks, in whole requests; by which failure they do not tell. */
export function metricBins({ bins: looks }: MetricRequests, window: Window): FailureBins | undefined {
  const finestMs = looks.reduce((most, { fromMs, toMs }) => Math.max(most, toMs - fromMs), 1000);
  const widthMs = binWidthMs(window, Math.ceil(finestMs / 1000) * 1000, false);
  const fromMs = Math.floor(window.fromMs / widthMs) * widthMs;
  const length = Math.max(1, Math.ceil((window.toMs + 1 - fromMs) / widthMs));
  const summed = (what: "requests" | "failed"): number[] => {
    const sums = Array.from({ length }, () => 0);
    for (const look of looks) {
      const at = Math.floor(((look.fromMs + look.toMs) / 2 - fromMs) / widthMs);
      if (at >= 0 && at < length) sums[at]! += look[what];
    }
    return sums.map(Math.round);
  };
  const failed = summed("failed");
  return {
    fromMs,
    widthMs,
    requests: summed("requests"),
    series: sum(failed) === 0 ? [] : [{ key: "5xx by metrics", counts: failed }],
  };
}

interface Grid {
  readonly fromMs: number;
  readonly widthMs: number;
  readonly length: number;
}

/** The narrowest readable width that counts of `finestMs` can be put together to. */
function binWidthMs({ fromMs, toMs }: Window, finestMs: number, isDivided = true): number {
  const seconds = widths.find(
    (s) =>
      s * 1000 >= finestMs &&
      (!isDivided || (s * 1000) % finestMs === 0) &&
      (toMs - fromMs) / (s * 1000) <= mostBins,
  );
  return (seconds ?? Math.ceil((toMs - fromMs) / mostBins / 86_400_000) * 86_400) * 1000;
}

const kindOf = ({ status, failure = "unclassified" }: LoggedRequest): string =>
  `${String(status).padStart(3, "0")} ${failure}`;

function countsByKind(
  requests: readonly LoggedRequest[],
  kind: (request: LoggedRequest) => string,
  grid: Grid,
): Map<string, number[]> {
  const byKind = new Map<string, number[]>();
  for (const request of requests) {
    const at = Math.floor((request.endMs - grid.fromMs) / grid.widthMs);
    if (at < 0 || at >= grid.length) continue;
    const key = kind(request);
    const counts = byKind.get(key) ?? Array.from({ length: grid.length }, () => 0);
    byKind.set(key, counts);
    counts[at]! += 1;
  }
  return byKind;
}

interface Kind {
  readonly key: string;
  readonly counts: readonly number[];
}

/** Kinds that are too many to be told apart, and of a sample what was counted and not kept. */
function restOf(few: readonly Kind[], kinds: readonly Kind[], traffic: Traffic, grid: Grid): number[] {
  const at = (all: readonly Kind[], i: number): number => all.reduce((n, k) => n + (k.counts[i] ?? 0), 0);
  const rest = Array.from({ length: grid.length }, (_, i) => at(few, i));
  if (traffic.cut === undefined || traffic.bins === undefined) return rest;
  const counted = rebinned(traffic.bins, "failed", grid);
  return rest.map((n, i) => n + Math.max(0, (counted[i] ?? 0) - at(kinds, i)));
}

function rebinned(bins: NonNullable<Traffic["bins"]>, what: "requests" | "failed", grid: Grid): number[] {
  const sums = Array.from({ length: grid.length }, () => 0);
  for (const [i, count] of bins[what].entries()) {
    const at = Math.floor((bins.fromMs + i * bins.widthMs - grid.fromMs) / grid.widthMs);
    if (at >= 0 && at < grid.length) sums[at]! += count;
  }
  return sums;
}

const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);
