import type { MetricRequests, MetricsView, Span } from "../derive/metric-views.ts";
import type { Observed } from "../evidence/observed.ts";
import type { MetricReport, SymptomReport } from "../report/report.ts";

const failures = ["502", "503", "504", "5xx"];

/** Requests as the gateway's counters have them: which failed how and who sent the status they do not tell. */
export function symptomByMetrics(counted: MetricRequests): SymptomReport {
  const { requests, failed, byStatus, failing } = counted;
  const codes = Object.entries(byStatus).filter(([code, n]) => failures.includes(code) && n > 0);
  return {
    counted: true,
    countedBy: "metrics",
    requests,
    failed,
    masked: 0,
    codes: Object.fromEntries(codes),
    classes: {},
    pattern: patternOf(counted),
    ...(failing === undefined
      ? {}
      : { from: new Date(failing.fromMs).toISOString(), to: new Date(failing.toMs).toISOString() }),
  };
}

/** As of single requests (symptom.ts), by what came between two looks. */
function patternOf({ requests, failed, bins }: MetricRequests): string {
  if (failed === 0) return "none";
  if (failed >= 0.95 * requests) return "constant";
  const first = bins.findIndex((bin) => bin.failed > 0);
  const last = bins.findLastIndex((bin) => bin.failed > 0);
  const amid = bins.slice(first, last + 1);
  const groups = amid.filter((bin, i) => bin.failed > 0 && (amid[i - 1]?.failed ?? 0) === 0).length;
  if (groups === 1 && failed > 1) return "burst";
  return failed / groups >= 4 ? "bursts" : "sparse";
}

/** What is worth a sentence of each part, in the order of a request's way. */
export function metricReports(metrics: Observed<MetricsView>): MetricReport[] {
  if (metrics.state !== "present") return [];
  const view = metrics.value;
  const of = <T>(part: Observed<T>, series: string, texts: (value: T) => readonly string[]): MetricReport[] =>
    part.state === "present"
      ? texts(part.value).map((text) => ({ text, source: `${series}, Prometheus at ${view.server}` }))
      : [];
  return [
    ...of(view.requests, "the gateway's request counters", (r) => [requestsText(r)]),
    ...of(view.latency, "nginx_ingress_controller_request_duration_seconds", ({ peak, peakMs, median }) => [
      `99% of requests took at most ${seconds(peak)} at worst (${clock(peakMs)}), usually ${seconds(median)}`,
    ]),
    ...of(view.failedReloads, "nginx_ingress_controller_config_last_reload_successful", (spans) =>
      spans.map((span) => `the last reload of ${span.pod} had failed ${during(span)}`),
    ),
    ...of(view.readyEndpoints, "kube_endpoint_address", ({ least, leastMs, most, empty }) => [
      least === most
        ? `ready endpoints: ${most} all the time`
        : `ready endpoints: ${least} to ${most}, fewest at ${clock(leastMs)}`,
      ...empty.map((span) => `no ready endpoint ${during(span)}`),
    ]),
    ...of(view.restarts, "kube_pod_container_status_restarts_total", (counts) =>
      counts
        .slice(0, most)
        .map(
          ({ pod, container, count, lastMs }) =>
            `container ${container} of ${pod} restarted ${count === 1 ? "once" : `${count} times`}, last by ${clock(lastMs)}`,
        ),
    ),
    ...of(view.oomKills, "kube_pod_container_status_last_terminated_reason", (kills) =>
      kills
        .slice(0, most)
        .map(
          ({ pod, container, fromMs }) =>
            `container ${container} of ${pod} was OOMKilled, seen from ${clock(fromMs)} on`,
        ),
    ),
    ...of(view.throttling, "container_cpu_cfs_throttled_periods_total", (all) =>
      worst(all, leastThrottled).map(
        (c) =>
          `container ${c.container} of ${c.pod} was held to its CPU limit in up to ${percent(c.peak)} of the periods (${clock(c.peakMs)})`,
      ),
    ),
    ...of(view.memory, "container_memory_working_set_bytes", (all) =>
      worst(all, leastMemory).map(
        (c) =>
          `container ${c.container} of ${c.pod} used up to ${percent(c.peak)} of its memory limit (${clock(c.peakMs)})`,
      ),
    ),
    ...of(view.autoscaler, "kube_horizontalpodautoscaler_status_desired_replicas", (scalers) =>
      scalers.map(({ name, max, peakDesired, atMax }) => {
        const [span] = atMax.slice(-1);
        return `autoscaler ${name} wanted at most ${peakDesired} of ${max} replicas${span === undefined ? "" : `, the maximum ${during(span)}`}`;
      }),
    ),
  ];
}

/** Of many containers those that stand out. */
const most = 3;
const leastThrottled = 0.1;
const leastMemory = 0.8;

const worst = <T extends { readonly peak: number }>(all: readonly T[], least: number): T[] =>
  all
    .filter(({ peak }) => peak >= least)
    .toSorted((a, b) => b.peak - a.peak)
    .slice(0, most);

function requestsText({ requests, failed, byStatus, failing }: MetricRequests): string {
  const codes = failures.flatMap((code) => ((byStatus[code] ?? 0) > 0 ? [`${code} ×${byStatus[code]}`] : []));
  const what = codes.length === 0 ? "none failed" : `${failed} failed (${codes.join(", ")})`;
  return `${requests} requests counted, ${what}${failing === undefined ? "" : `, ${during(failing)}`}`;
}

const clock = (ms: number): string => new Date(ms).toISOString().slice(11, 19);
const during = ({ fromMs, toMs }: Span): string => `from ${clock(fromMs)} to ${clock(toMs)}`;
const percent = (share: number): string => `${Math.round(share * 100)}%`;
const seconds = (value: number): string =>
  `${value >= 10 ? Math.round(value) : Number(value.toPrecision(2))} s`;
