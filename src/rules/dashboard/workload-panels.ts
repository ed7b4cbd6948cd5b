import { readyEndpoints } from "../workload-rules.ts";
import type { PanelSpec } from "./panel.ts";

const chosen = 'namespace=~"$namespace"';

/** What the pods went through (kube-state-metrics, and cAdvisor of the kubelet). */
export const workloadPanels: readonly PanelSpec[] = [
  {
    title: "Pods ready and wanted",
    description: "A gap is a rollout, a crash, or pods that nothing can place.",
    unit: "short",
    queries: [
      {
        expr: `sum by (namespace, deployment) (kube_deployment_status_replicas_available{${chosen}})`,
        legend: "{{deployment}} available",
      },
      {
        expr: `sum by (namespace, deployment) (kube_deployment_spec_replicas{${chosen}})`,
        legend: "{{deployment}} wanted",
      },
    ],
  },
  {
    title: "Ready endpoints",
    description: "Whom the gateway may send requests to. At 0 each is answered with a 503.",
    unit: "short",
    queries: [
      { expr: `${readyEndpoints}{${chosen},service=~"$service"}`, legend: "{{namespace}} {{service}}" },
    ],
  },
  {
    title: "Autoscalers",
    description: "At the maximum, with more wanted, the rest of the load waits.",
    unit: "short",
    queries: [
      {
        expr: `kube_horizontalpodautoscaler_status_current_replicas{${chosen}}`,
        legend: "{{horizontalpodautoscaler}} now",
      },
      {
        expr: `kube_horizontalpodautoscaler_status_desired_replicas{${chosen}}`,
        legend: "{{horizontalpodautoscaler}} wanted",
      },
      {
        expr: `kube_horizontalpodautoscaler_spec_max_replicas{${chosen}}`,
        legend: "{{horizontalpodautoscaler}} maximum",
      },
    ],
  },
  {
    title: "Containers that started anew",
    description: "Each loses the requests it had.",
    unit: "short",
    draw: "stacked bars",
    queries: [
      {
        expr: `sum by (namespace, pod, container) (increase(kube_pod_container_status_restarts_total{${chosen}}[$__rate_interval])) > 0`,
        legend: "{{pod}} {{container}}",
      },
    ],
  },
  {
    title: "CPU throttling",
    description:
      "Share of the periods in which a container had to wait for its limit. Latency grows with it.",
    unit: "percentunit",
    max: 1,
    queries: [
      {
        expr: `sum by (namespace, pod, container) (rate(container_cpu_cfs_throttled_periods_total{${chosen},container!=""}[$__rate_interval]))
/
(sum by (namespace, pod, container) (rate(container_cpu_cfs_periods_total{${chosen},container!=""}[$__rate_interval])) > 0)`,
        legend: "{{pod}} {{container}}",
      },
    ],
  },
  {
    title: "Memory of its limit",
    description: "At 1 the kernel kills the container.",
    unit: "percentunit",
    limit: 1,
    queries: [
      {
        expr: `max by (namespace, pod, container) (container_memory_working_set_bytes{${chosen},container!=""})
/ on (namespace, pod, container)
max by (namespace, pod, container) (kube_pod_container_resource_limits{${chosen},resource="memory"})`,
        legend: "{{pod}} {{container}}",
      },
    ],
  },
];
