import { annotations } from "./annotations.ts";
import { type ControllerName, sourceOf } from "./controllers.ts";
import type { AlertRule, RecordingRule, RuleGroup } from "./rule-file.ts";
import { requestRate } from "./traffic-rules.ts";

/** Ready addresses of each Service; nothing where it has none. */
export const readyEndpoints = "why5xx:endpoints_ready:count";
/** Pods behind a Service: what happens to others makes no request fail. */
const servedPods = "why5xx:served_pods:info";

const restarts = "kube_pod_container_status_restarts_total";
const ofService = "why5xx service/{{ $labels.service }} -n {{ $labels.namespace }} --since 1h";
const ofNamespace = "why5xx -n {{ $labels.namespace }} --since 1h";
const pod = "{{ $labels.namespace }}/{{ $labels.pod }}";

/**
 * Of kube-state-metrics (kubernetes/kube-state-metrics docs/metrics, internal/store), scraped with honor_labels as its
 * chart does it. Endpoints are told by default up to 2.15, EndpointSlices after it; the name of a slice begins with
 * that of its Service (kubernetes/kubernetes staging/src/k8s.io/endpointslice/utils.go newEndpointSlice).
 */
export function workloadGroups(controllers: readonly ControllerName[]): readonly RuleGroup[] {
  return [
    { name: "why5xx-endpoints", rules: [...recordings, noEndpoints(controllers)] },
    {
      name: "why5xx-workloads",
      rules: [belowBudget, flapping, outOfMemory, restarting, atMaximum, stuckRollout, blind],
    },
  ];
}

const recordings: readonly RecordingRule[] = [
  {
    record: readyEndpoints,
    expr: `count by (namespace, service) (
  group by (namespace, service, ip) (
    label_replace(kube_endpoint_address{ready="true"}, "service", "$1", "endpoint", "(.+)")
  )
)
or
count by (namespace, service) (
  group by (namespace, service, address) (
    label_replace(kube_endpointslice_endpoints{ready="true"}, "service", "$1", "endpointslice", "(.+)-[^-]+")
  )
)
or
0 * group by (namespace, service) (kube_service_info{external_name=""})`,
  },
  {
    record: servedPods,
    expr: `group by (namespace, pod) (
  kube_pod_info{pod_ip!=""}
  * on (namespace, pod_ip) group_left ()
  group by (namespace, pod_ip) (label_replace(kube_endpoint_address, "pod_ip", "$1", "ip", "(.+)"))
)
or
group by (namespace, pod) (
  label_replace(kube_endpointslice_endpoints{targetref_kind="Pod"}, "pod", "$1", "targetref_name", "(.+)")
)`,
  },
];

/** A Service that an Ingress names or that had requests; where the gateway does not say which, one that had endpoints. */
function noEndpoints(controllers: readonly ControllerName[]): AlertRule {
  const isRouted = [
    `label_replace(group by (namespace, service_name) (kube_ingress_path{service_name!=""}), "service", "$1", "service_name", "(.+)")`,
    `max_over_time(${requestRate}[1h]) > 0`,
    ...(controllers.some((name) => sourceOf(name).isNotByService)
      ? [`max_over_time(${readyEndpoints}[1h]) > 0`]
      : []),
  ];
  return {
    alert: "Why5xxNoReadyEndpoints",
    expr: `${readyEndpoints} == 0
and on (namespace, service) (
  ${isRouted.join("\n  or ")}
)`,
    for: "2m",
    labels: { severity: "critical" },
    annotations: annotations({
      summary: "{{ $labels.namespace }}/{{ $labels.service }} has no ready endpoint",
      description:
        "Requests are routed to this Service and none of its pods takes them: each is answered with a 503. Either no pod is ready, or the selector matches none.",
      cause: "no-endpoints-pods-not-ready",
      command: ofService,
    }),
  };
}

const belowBudget: AlertRule = {
  alert: "Why5xxBelowDisruptionBudget",
  expr: `kube_poddisruptionbudget_status_current_healthy < kube_poddisruptionbudget_status_desired_healthy`,
  for: "10m",
  labels: { severity: "warning" },
  annotations: annotations({
    summary:
      "fewer pods are healthy than the PodDisruptionBudget {{ $labels.namespace }}/{{ $labels.poddisruptionbudget }} asks for",
    description:
      "{{ $value }} are, for ten minutes. What is left takes all requests, and no node can be drained meanwhile.",
    cause: "rollout-recreate-or-max-unavailable",
    command: ofNamespace,
  }),
};

/** A pod that starts changes once and one that stops once; its container starting anew is another alert. */
const flapping: AlertRule = {
  alert: "Why5xxReadinessFlapping",
  expr: `max by (namespace, pod) (changes(kube_pod_status_ready{condition="true"}[30m])) >= 4
and on (namespace, pod) ${servedPods}
unless on (namespace, pod) changes(${restarts}[30m]) > 0`,
  labels: { severity: "warning" },
  annotations: annotations({
    summary: `${pod} changed between ready and unready {{ $value }} times in 30 minutes`,
    description:
      "Its readiness probe fails now and then, and each time the other pods take its requests. A probe that times out under load makes that load worse.",
    cause: "readiness-probe-timeout-flapping",
    command: ofNamespace,
  }),
};

const grownBy = (window: string): string =>
  `max by (namespace, pod, container) (
  ${restarts} - min_over_time(${restarts}[${window}])
)`;

const outOfMemory: AlertRule = {
  alert: "Why5xxContainerOutOfMemory",
  expr: `${grownBy("15m")} > 0
and on (namespace, pod, container)
  kube_pod_container_status_last_terminated_reason{reason="OOMKilled"} == 1
and on (namespace, pod) ${servedPods}`,
  labels: { severity: "warning" },
  annotations: annotations({
    summary: `container {{ $labels.container }} of ${pod} was killed for its memory`,
    description:
      "It started anew {{ $value }} times in 15 minutes. The requests it had are lost, each with a 502, and it comes back to the same load.",
    cause: "oom-killed",
    command: ofNamespace,
  }),
};

const restarting: AlertRule = {
  alert: "Why5xxContainerRestarting",
  expr: `${grownBy("30m")} >= 3
and on (namespace, pod) ${servedPods}`,
  labels: { severity: "warning" },
  annotations: annotations({
    summary: `container {{ $labels.container }} of ${pod} started anew {{ $value }} times in 30 minutes`,
    description:
      "It ends by itself, or its liveness probe has it killed. Meanwhile the other pods take its requests, as long as there are others.",
    cause: "crash-loop-backoff",
    command: ofNamespace,
  }),
};

/** ScalingLimited is true as well when fewer pods than the minimum would do; then there are not as many as the maximum. */
const atMaximum: AlertRule = {
  alert: "Why5xxAutoscalerAtMaximum",
  expr: `kube_horizontalpodautoscaler_status_current_replicas >= kube_horizontalpodautoscaler_spec_max_replicas
and on (namespace, horizontalpodautoscaler)
  kube_horizontalpodautoscaler_status_condition{condition="ScalingLimited",status="true"} == 1`,
  for: "15m",
  labels: { severity: "warning" },
  annotations: annotations({
    summary:
      "the autoscaler {{ $labels.namespace }}/{{ $labels.horizontalpodautoscaler }} wants more than its maximum of {{ $value }} pods",
    description:
      "The load asks for more than it may start, for a quarter of an hour. What comes on top waits, and times out.",
    cause: "hpa-max-replicas",
    command: ofNamespace,
  }),
};

const stuckRollout: AlertRule = {
  alert: "Why5xxRolloutStuck",
  expr: `max by (namespace, deployment) (
  kube_deployment_status_condition{condition="Progressing",status="false"}
) == 1`,
  for: "1m",
  labels: { severity: "warning" },
  annotations: annotations({
    summary: "the rollout of {{ $labels.namespace }}/{{ $labels.deployment }} does not get on",
    description:
      "Its progress deadline has passed: pods of the new revision do not become ready. The old ones serve, fewer than before.",
    cause: "rollout-bad-revision",
    command: ofNamespace,
  }),
};

/** What is not measured is not well. */
const blind: AlertRule = {
  alert: "Why5xxMetricsMissing",
  expr: `absent(kube_pod_status_ready)
or (absent(kube_endpoint_address) and absent(kube_endpointslice_endpoints))`,
  for: "15m",
  labels: { severity: "warning", exporter: "kube-state-metrics" },
  annotations: annotations({
    summary: "there are no metrics of kube-state-metrics",
    description:
      "Alerts on endpoints, probes, restarts, rollouts and autoscalers see nothing. Is it installed, scraped with honor_labels, and does it tell Endpoints or EndpointSlices?",
  }),
};
