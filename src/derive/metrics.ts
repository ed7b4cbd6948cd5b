import type { Evidence } from "../evidence/evidence.ts";
import type { MetricEvidence, MetricName, MetricQuery, MetricSeries } from "../evidence/metrics.ts";
import { absent, type Observed, present, unknown } from "../evidence/observed.ts";
import { isOfRoute, metricRequests } from "./metric-requests.ts";
import { growthOf, lastMsOf, peakOf, spansWhere } from "./metric-series.ts";
import type {
  AutoscalerMetric,
  ContainerMetric,
  MetricPeak,
  MetricsView,
  ReadyEndpoints,
} from "./metric-views.ts";
import type { Route } from "./views.ts";

type Labels = MetricSeries["labels"];

/**
 * What a Prometheus told of the route. Absent when none was asked, which is nobody's fault and nothing to look into;
 * no cause is weighed by that.
 */
export function deriveMetrics(evidence: Evidence, route: Route): Observed<MetricsView> {
  const { metrics } = evidence;
  if (metrics === undefined) return absent("no Prometheus was asked (--prometheus URL)");
  const silent = metrics.queries.every(({ reason, series }) => reason !== undefined && series.length === 0);
  if (silent) return unknown("prometheus", metrics.queries[0]?.reason ?? "nothing was asked");
  const stepMs = metrics.stepSeconds * 1000;
  const namespace = route.backend.service.namespace ?? "default";
  const isOwn = (labels: Labels): boolean => labels["namespace"] === namespace;
  const of = <T>(name: MetricName, read: (query: MetricQuery) => T | undefined): Observed<T> =>
    part(metrics, name, read);
  return present({
    server: metrics.server,
    fromMs: Date.parse(metrics.from),
    toMs: Date.parse(metrics.to),
    stepMs,
    requests: metricRequests(named(metrics, "requests"), named(metrics, "config-reload"), route, stepMs),
    latency: of("latency", (query) => latencyOf(query, route)),
    throttling: of("cpu-throttling", containersOf),
    memory: of("memory", containersOf),
    restarts: of("restarts", ({ series, expression }) =>
      series
        .filter((s) => isOwn(s.labels))
        .flatMap((s) => {
          const grown = growthOf(s.points, Date.parse(metrics.from), stepMs);
          const count = grown.reduce((sum, { by }) => sum + by, 0);
          return count === 0
            ? []
            : [{ ...containerOf(s.labels), count, lastMs: lastMsOf(grown), expression }];
        }),
    ),
    oomKills: of("oom-kills", ({ series, expression }) =>
      series
        .filter((s) => isOwn(s.labels))
        .flatMap((s) =>
          spansWhere(s.points, stepMs, (value) => value > 0).map((span) => ({
            ...containerOf(s.labels),
            ...span,
            expression,
          })),
        ),
    ),
    readyEndpoints: of("ready-endpoints", (query) => readyOf(query, route, stepMs)),
    autoscaler: of("autoscaler", (query) => autoscalersOf(query, namespace, stepMs)),
    failedReloads: of("config-reload", ({ series }) =>
      series.flatMap(({ labels, points }) =>
        spansWhere(points, stepMs, (value) => value === 0, 2).map((span) => ({
          ...span,
          pod: labels["controller_pod"] ?? "",
        })),
      ),
    ),
  });
}

const named = ({ queries }: MetricEvidence, name: MetricName): readonly MetricQuery[] =>
  queries.filter((query) => query.name === name);

/** Unknown when it was not asked for, not answered, or holds nothing of this route. */
function part<T>(
  metrics: MetricEvidence,
  name: MetricName,
  read: (query: MetricQuery) => T | undefined,
): Observed<T> {
  const [query] = named(metrics, name);
  if (query === undefined) return unknown("prometheus", `${name} was not asked for`);
  if (query.reason !== undefined && query.series.length === 0) return unknown("prometheus", query.reason);
  const value = read(query);
  return value === undefined ? unknown("prometheus", `${name}: no series of this route`) : present(value);
}

const containerOf = (labels: Labels): { namespace: string; pod: string; container: string } => ({
  namespace: labels["namespace"] ?? "",
  pod: labels["pod"] ?? "",
  container: labels["container"] ?? "",
});

const containersOf = ({ series, expression }: MetricQuery): ContainerMetric[] =>
  series.flatMap(({ labels, points }) => {
    const peak = peakOf(points);
    return peak === undefined ? [] : [{ ...containerOf(labels), points, ...peak, expression }];
  });

function latencyOf({ series, expression }: MetricQuery, route: Route): MetricPeak | undefined {
  const own = series.find(({ labels }) => isOfRoute(labels, route));
  const peak = own === undefined ? undefined : peakOf(own.points);
  if (own === undefined || peak === undefined) return undefined;
  const sorted = own.points.map(([, value]) => value).sort((a, b) => a - b);
  return { ...peak, median: sorted[Math.floor((sorted.length - 1) / 2)]!, expression };
}

function readyOf(
  { series, expression }: MetricQuery,
  { backend: { service } }: Route,
  stepMs: number,
): ReadyEndpoints | undefined {
  const own = series.filter(
    ({ labels }) =>
      labels["endpoint"] === service.name && labels["namespace"] === (service.namespace ?? "default"),
  );
  // Several scrapes of one Service (a new exporter beside the old) overlap: the most is what there was.
  const byTime = new Map<number, number>();
  for (const { points } of own)
    for (const [atMs, value] of points) byTime.set(atMs, Math.max(value, byTime.get(atMs) ?? 0));
  const points = [...byTime].sort(([a], [b]) => a - b);
  const [first] = points;
  if (first === undefined) return undefined;
  const least = points.reduce((low, point) => (point[1] < low[1] ? point : low), first);
  return {
    least: least[1],
    leastMs: least[0],
    most: peakOf(points)!.peak,
    empty: spansWhere(points, stepMs, (value) => value === 0, 2),
    expression,
  };
}

const prefix = "kube_horizontalpodautoscaler_";

function autoscalersOf(
  { series, expression }: MetricQuery,
  namespace: string,
  stepMs: number,
): AutoscalerMetric[] {
  const own = series.filter(({ labels }) => labels["namespace"] === namespace);
  const byName = Map.groupBy(own, ({ labels }) => labels["horizontalpodautoscaler"] ?? "");
  return [...byName].flatMap(([name, parts]) => {
    const points = (metric: string): MetricSeries["points"] =>
      parts.find(({ labels }) => labels["__name__"] === `${prefix}${metric}`)?.points ?? [];
    const max = points("spec_max_replicas").at(-1)?.[1];
    const desired = points("status_desired_replicas");
    const peak = peakOf(desired);
    if (max === undefined || peak === undefined) return [];
    const atMax = spansWhere(desired, stepMs, (value) => value >= max, 2);
    return [{ name, max, peakDesired: peak.peak, atMax, expression }];
  });
}
