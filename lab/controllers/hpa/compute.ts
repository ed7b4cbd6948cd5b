import type { MetricSpec, MetricStatus } from "kubernetes-types/autoscaling/v2";
import type { Machine } from "../../machine/machine.ts";
import { matchesSelector } from "../label-match.ts";
import { listOf, namespaceOf } from "../objects.ts";
import { quantity } from "../quantity.ts";
import { type MetricTarget, type Proposal, proposeReplicas } from "./replica-count.ts";
import type { ScaleTarget } from "./scale-target.ts";
import { type Hpa, MetricError, type PodMetrics } from "./usage.ts";

/** What the metrics of an autoscaler say together. */
export interface Computed {
  readonly replicas: number;
  /** The metric that asks for most: "cpu resource utilization (percentage of request)". */
  readonly metric: string;
  readonly statuses: readonly MetricStatus[];
  /** Of the first metric that could not be read: reason and text, "FailedGetResourceMetric". */
  readonly failures: readonly { readonly reason: string; readonly message: string }[];
  readonly metricCount: number;
}

export function computeReplicas(
  machine: Machine,
  hpa: Hpa,
  target: ScaleTarget,
  metrics: PodMetrics,
  tolerance: number,
): Computed {
  const pods = listOf(machine.store, "pods", namespaceOf(hpa)).filter((pod) =>
    matchesSelector(target.selector, pod.metadata?.labels),
  );
  const specs = hpa.spec?.metrics ?? [];
  const statuses: MetricStatus[] = [];
  const failures: Computed["failures"][number][] = [];
  let [replicas, metric] = [0, ""];
  for (const spec of specs) {
    const wanted = targetOf(spec);
    try {
      if (wanted === undefined) throw new MetricError(`unknown metric source type "${spec.type}"`);
      const proposal = proposeReplicas({
        pods,
        current: target.replicas,
        target: wanted,
        sampleOf: (pod) =>
          wanted.isResource ? metrics.resource(pod, wanted.metric) : metrics.custom?.(pod, wanted.metric),
        tolerance,
        nowMs: machine.nowMs(),
      });
      statuses.push(statusOf(wanted, proposal));
      if (metric === "" || proposal.replicas > replicas)
        [replicas, metric] = [proposal.replicas, metricName(wanted)];
    } catch (error) {
      if (!(error instanceof MetricError)) throw error;
      failures.push(failureOf(wanted, error));
    }
  }
  return { replicas, metric, statuses, failures, metricCount: specs.length };
}

function targetOf({ type, resource, pods }: MetricSpec): MetricTarget | undefined {
  if (type === "Resource" && resource !== undefined) {
    const { averageUtilization, averageValue } = resource.target;
    return {
      metric: resource.name,
      isResource: true,
      ...(averageUtilization === undefined ? {} : { utilization: averageUtilization }),
      ...(averageValue === undefined ? {} : { averageMilli: quantity(averageValue) * 1000 }),
    };
  }
  if (type !== "Pods" || pods === undefined) return undefined;
  return {
    metric: pods.metric.name,
    isResource: false,
    averageMilli: quantity(pods.target.averageValue) * 1000,
  };
}

/** As events and conditions name it (kubernetes pkg/controller/podautoscaler/horizontal.go computeStatusForResourceMetric). */
function metricName({ metric, isResource, utilization }: MetricTarget): string {
  if (!isResource) return `pods metric ${metric}`;
  return utilization === undefined
    ? `${metric} resource`
    : `${metric} resource utilization (percentage of request)`;
}

function statusOf(
  { metric, isResource }: MetricTarget,
  { utilization, averageMilli }: Proposal,
): MetricStatus {
  const averageValue = milliText(averageMilli);
  const current = { averageValue, ...(utilization === undefined ? {} : { averageUtilization: utilization }) };
  return isResource
    ? { type: "Resource", resource: { name: metric, current } }
    : { type: "Pods", pods: { metric: { name: metric }, current } };
}

const milliText = (milli: number): string =>
  milli % 1000 === 0 ? String(milli / 1000) : `${Math.trunc(milli)}m`;

function failureOf(target: MetricTarget | undefined, error: MetricError): Computed["failures"][number] {
  if (target === undefined) return { reason: "InvalidMetricSourceType", message: error.message };
  if (!target.isResource) return { reason: "FailedGetPodsMetric", message: error.message };
  const message =
    target.utilization === undefined
      ? `failed to get ${target.metric} usage: ${error.message}`
      : `failed to get ${target.metric} utilization: ${error.message}`;
  return { reason: "FailedGetResourceMetric", message };
}
