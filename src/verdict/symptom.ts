import type { LoggedRequest, Traffic } from "../logs/traffic.ts";
import type { MetricsView } from "../derive/metric-views.ts";
import { absent, type Observed } from "../evidence/observed.ts";
import type { SymptomReport } from "../report/report.ts";
import { symptomByMetrics } from "./metric-report.ts";

const minuteMs = 60_000;

/**
 * What clients saw, counted from the gateway's log, else by its metrics; all zero and `counted: false` without
 * both.
 */
export function symptomOf(
  traffic: Observed<Traffic>,
  metrics: Observed<MetricsView> = absent("no metrics"),
): SymptomReport {
  if (traffic.state !== "present") {
    if (metrics.state === "present" && metrics.value.requests.state === "present")
      return symptomByMetrics(metrics.value.requests.value);
    return { counted: false, requests: 0, failed: 0, masked: 0, codes: {}, classes: {}, pattern: "unknown" };
  }
  const t = traffic.value;
  const failed = t.failures.length > 0 ? t.failures : t.masked;
  const first = failed[0];
  const last = failed[failed.length - 1];
  const origin = mostCommon(t.failures.map((f) => f.origin ?? "unknown"));
  return {
    counted: true,
    requests: t.requests,
    failed: t.outcomes?.failed ?? t.failures.length,
    masked: t.outcomes?.masked ?? t.masked.length,
    codes: codesOf(t),
    classes: t.cut === undefined ? countBy(failed, classOf) : { ...t.byClass },
    ...(origin === undefined ? {} : { origin }),
    pattern: patternOf(t, failed),
    ...(first === undefined ? {} : { from: new Date(first.endMs).toISOString() }),
    ...(last === undefined ? {} : { to: new Date(last.endMs).toISOString() }),
  };
}

/** Of a sample the codes are known, and how often each came from the counts. */
function codesOf(t: Traffic): Record<string, number> {
  const codes = countBy(t.failures, (f) => String(f.status).padStart(3, "0"));
  if (t.cut === undefined) return codes;
  return Object.fromEntries(Object.entries(codes).map(([code, n]) => [code, t.byStatus[code] ?? n]));
}

const classOf = (request: LoggedRequest): string =>
  request.failure ?? request.attempts.find((a) => a.failure !== undefined)?.failure ?? "unclassified";

/** constant: nearly all requests fail; burst(s): failures in one or more tight groups; sparse: scattered. */
function patternOf(traffic: Traffic, failed: readonly LoggedRequest[]): string {
  if (failed.length === 0) return "none";
  if ((traffic.outcomes?.failed ?? traffic.failures.length) >= 0.95 * traffic.requests) return "constant";
  const times = failed.map((f) => f.endMs).sort((a, b) => a - b);
  let groups = 1;
  for (let i = 1; i < times.length; i++) if (isPause(traffic, times[i - 1]!, times[i]!)) groups++;
  if (groups === 1 && failed.length > 1) return "burst";
  return failed.length / groups >= 4 ? "bursts" : "sparse";
}

/** At the usual rate of failures so many would have come: that none did is no chance (e^-10 in one pause). */
const leastMissing = 10;

/** Between two failures a minute went by, or so many requests passed that the trouble was over meanwhile. */
function isPause(traffic: Traffic, fromMs: number, toMs: number): boolean {
  if (toMs - fromMs > minuteMs) return true;
  if (traffic.bins === undefined) return false;
  const { fromMs: startMs, widthMs } = traffic.bins;
  const binAt = (ms: number): number => Math.floor((ms - startMs) / widthMs);
  const between = (counts: readonly number[]): number =>
    counts.slice(binAt(fromMs) + 1, binAt(toMs)).reduce((sum, count) => sum + count, 0);
  // Of a sample the failures between may have been left out.
  if (between(traffic.bins.failed) > 0) return false;
  const passed = between(traffic.bins.requests);
  const failed = traffic.outcomes?.failed ?? traffic.failures.length;
  return (passed * failed) / Math.max(1, traffic.requests) >= leastMissing;
}

function countBy<T>(items: readonly T[], key: (item: T) => string): Record<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function mostCommon(values: readonly string[]): string | undefined {
  return Object.entries(countBy(values, (v) => v)).sort(([, a], [, b]) => b - a)[0]?.[0];
}
