import type { MetricQuery, MetricSeries } from "../evidence/metrics.ts";
import { type Observed, present, unknown } from "../evidence/observed.ts";
import { growthOf } from "./metric-series.ts";
import type { MetricRequests } from "./metric-views.ts";
import type { Route } from "./views.ts";

const failures: ReadonlySet<string> = new Set(["502", "503", "504", "5xx"]);

/**
 * The route's requests by the gateway's counters.
 * @param others what else its processes told, by which it is seen since when they are looked at
 */
export function metricRequests(
  queries: readonly MetricQuery[],
  others: readonly MetricQuery[],
  route: Route,
  stepMs: number,
): Observed<MetricRequests> {
  if (route.role === "canary")
    return unknown("prometheus", "what a canary took is counted under its primary backend");
  const told = queries.find(({ series }) => series.some((s) => isOfRoute(s.labels, route)));
  if (told === undefined) {
    const reason =
      queries.find((q) => q.reason !== undefined)?.reason ?? "no requests of this route are counted";
    return unknown("prometheus", reason);
  }
  const seenSince = firstLooks([...told.series, ...others.flatMap(({ series }) => series)]);
  return present({ ...counted(told.series, seenSince, route, stepMs), expression: told.expression });
}

function counted(
  all: readonly MetricSeries[],
  seenSince: ReadonlyMap<string, number>,
  route: Route,
  stepMs: number,
): Omit<MetricRequests, "expression"> {
  const byStatus = new Map<string, number>();
  const bins = new Map<number, { fromMs: number; toMs: number; requests: number; failed: number }>();
  for (const { labels, points } of all.filter((s) => isOfRoute(s.labels, route))) {
    const status = labels["status"] ?? labels["code"] ?? labels["response_code"] ?? "";
    const isFailure = failures.has(status);
    for (const { fromMs, toMs, by } of growthOf(points, seenSince.get(ownerOf(labels)) ?? 0, stepMs)) {
      byStatus.set(status, (byStatus.get(status) ?? 0) + by);
      const bin = bins.get(toMs) ?? { fromMs, toMs, requests: 0, failed: 0 };
      bins.set(toMs, bin);
      bin.fromMs = Math.min(bin.fromMs, fromMs);
      bin.requests += by;
      if (isFailure) bin.failed += by;
    }
  }
  const inOrder = [...bins.values()].sort((a, b) => a.toMs - b.toMs);
  const failing = inOrder.filter(({ failed }) => failed > 0);
  const [first] = failing;
  const last = failing.at(-1);
  const sum = (of: (bin: (typeof inOrder)[number]) => number): number =>
    Math.round(inOrder.reduce((total, bin) => total + of(bin), 0));
  return {
    requests: sum((b) => b.requests),
    failed: sum((b) => b.failed),
    byStatus: Object.fromEntries(
      [...byStatus].map(([s, n]) => [s, Math.round(n)] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
    bins: inOrder,
    ...(first === undefined || last === undefined
      ? {}
      : { failing: { fromMs: first.fromMs, toMs: last.toMs } }),
  };
}

/** Since when each process was looked at. */
function firstLooks(all: readonly MetricSeries[]): Map<string, number> {
  const seenSince = new Map<string, number>();
  for (const { labels, points } of all) {
    const owner = ownerOf(labels);
    const firstMs = points[0]?.[0] ?? Number.POSITIVE_INFINITY;
    seenSince.set(owner, Math.min(firstMs, seenSince.get(owner) ?? Number.POSITIVE_INFINITY));
  }
  return seenSince;
}

/** Whose process counts: its counters begin together. */
const ownerOf = (labels: MetricSeries["labels"]): string =>
  labels["controller_pod"] ?? `${labels["pod"] ?? ""} ${labels["instance"] ?? ""}`;

/** The ways in which gateways name a backend (src/gather/prometheus/gateway-queries.ts). */
export function isOfRoute(labels: MetricSeries["labels"], { rule, backend: { service } }: Route): boolean {
  const { namespace = "default", name } = service;
  const destination = labels["destination_service_name"];
  if (destination !== undefined)
    return destination === name && labels["destination_service_namespace"] === namespace;
  const proxy = labels["proxy"];
  if (proxy !== undefined)
    return [`${namespace}_${name}_`, `${namespace}_svc_${name}_`].some(
      (start) => proxy.startsWith(start) && !proxy.slice(start.length).includes("_"),
    );
  const ingress = labels["ingress"];
  if (ingress !== undefined) {
    const isOfRule = rule === undefined || rule.object.name === ingress;
    return isOfRule && labels["namespace"] === namespace && labels["service"] === name;
  }
  const [ofService = "", provider = ""] = (labels["service"] ?? "").split("@");
  const start = `${namespace}-${name}-`;
  return (
    provider.startsWith("kubernetes") &&
    ofService.startsWith(start) &&
    !ofService.slice(start.length).includes("-")
  );
}
