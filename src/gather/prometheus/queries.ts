import type { MetricName } from "../../evidence/metrics.ts";
import { byLabels, matching, ofNamespaces, oneOf, selector } from "./promql.ts";
import { gatewayQueries } from "./gateway-queries.ts";
import type { MetricScope } from "./scope.ts";

/** One question, and by which series it is seen that its exporter is scraped at all. */
export interface AskedQuery {
  readonly name: MetricName;
  readonly expression: string;
  /** Any one of these has series whenever the exporter is scraped. */
  readonly signs: readonly string[];
  /** What is to be scraped: "kube-state-metrics". */
  readonly exporter: string;
  /** An answer without series says nothing: the counted thing would have one even at zero. */
  readonly isEmptyUnknown: boolean;
}

/** @param rateWindow over which rates are taken: "2m" */
export function queriesFor(scope: MetricScope, rateWindow: string): AskedQuery[] {
  return [...gatewayQueries(scope, rateWindow), ...podQueries(scope, rateWindow), ...objectQueries(scope)];
}

const cadvisor = { exporter: "cAdvisor (the kubelets' /metrics/cadvisor)", isEmptyUnknown: true } as const;
const kubeState = { exporter: "kube-state-metrics" } as const;

/** google/cadvisor metrics/prometheus.go; series without a container are of whole pods, those of "POD" hold the network. */
function podQueries(scope: MetricScope, rateWindow: string): AskedQuery[] {
  if (scope.pods.length === 0 && scope.gatewayPods.length === 0) return [];
  const pods = matching("pod", [
    ...scope.pods,
    ...scope.gatewayPods.map((name) => name.replaceAll(".", "\\.")),
  ]);
  const of = (metric: string): string => selector(metric, pods, 'container!=""', 'container!="POD"');
  const by = byLabels("namespace", "pod", "container");
  const rate = (metric: string): string => `sum ${by} (rate(${of(metric)}[${rateWindow}]))`;
  const ownPods = matching("pod", scope.pods);
  const ksm = (metric: string, ...sure: readonly string[]): string =>
    `max ${by} (${ofNamespaces(metric, scope.namespaces, [ownPods], sure)})`;
  const restarts = "kube_pod_container_status_restarts_total";
  return [
    {
      name: "cpu-throttling",
      expression: `${rate("container_cpu_cfs_throttled_periods_total")} / ${rate("container_cpu_cfs_periods_total")}`,
      signs: ["container_cpu_cfs_periods_total"],
      ...cadvisor,
    },
    {
      name: "memory",
      expression: `max ${by} (${of("container_memory_working_set_bytes")}) / (max ${by} (${of("container_spec_memory_limit_bytes")}) > 0)`,
      signs: ["container_memory_working_set_bytes"],
      ...cadvisor,
    },
    ...(scope.pods.length === 0
      ? []
      : ([
          {
            name: "restarts",
            expression: ksm(restarts),
            signs: [restarts],
            isEmptyUnknown: true,
            ...kubeState,
          },
          {
            name: "oom-kills",
            expression: ksm("kube_pod_container_status_last_terminated_reason", 'reason="OOMKilled"'),
            signs: [restarts],
            isEmptyUnknown: false,
            ...kubeState,
          },
        ] as const)),
  ];
}

/** kubernetes/kube-state-metrics docs/metrics/{service/endpoint,workload/horizontalpodautoscaler}-metrics.md. */
function objectQueries({ namespaces, services, autoscalers }: MetricScope): AskedQuery[] {
  const endpoint = oneOf("endpoint", services);
  const byEndpoint = byLabels("namespace", "endpoint");
  // Each address has a series for each port, and for each that scrapes it.
  const addresses = (ready: string): string =>
    `count ${byEndpoint} (max ${byLabels("namespace", "endpoint", "ip")} (${ofNamespaces("kube_endpoint_address", namespaces, [endpoint], [`ready="${ready}"`])}))`;
  const known = selector("kube_service_info", oneOf("namespace", namespaces), oneOf("service", services));
  const service = `label_replace(${known}, "endpoint", "$1", "service", "(.+)")`;
  const scalerNames = ["status_current_replicas", "status_desired_replicas", "spec_max_replicas"];
  const named = matching("__name__", [`kube_horizontalpodautoscaler_(${scalerNames.join("|")})`]);
  return [
    {
      name: "ready-endpoints",
      // No ready address is no series: that there are others, or that there is the Service, says zero.
      expression: `${addresses("true")} or 0 * ${addresses("false")} or 0 * count by (namespace, endpoint) (${service})`,
      // Before v2.6 it did not tell which are ready.
      signs: ['kube_endpoint_address{ready!=""}'],
      isEmptyUnknown: true,
      ...kubeState,
    },
    ...(autoscalers.length === 0
      ? []
      : [
          {
            name: "autoscaler" as const,
            expression: `max by (__name__, namespace, exported_namespace, horizontalpodautoscaler) (${ofNamespaces("", namespaces, [], [named, oneOf("horizontalpodautoscaler", autoscalers)])})`,
            signs: ["kube_horizontalpodautoscaler_spec_max_replicas"],
            isEmptyUnknown: true,
            ...kubeState,
          },
        ]),
  ];
}
