import type { Pod } from "kubernetes-types/core/v1";
import { nameOf } from "../objects.ts";
import { millicores, quantity } from "../quantity.ts";
import { groupPods } from "./pod-groups.ts";
import { MetricError, type PodSample } from "./usage.ts";

/** What one metric asks for. */
export interface Proposal {
  readonly replicas: number;
  /** Per cent of the request, where the target is a utilization. */
  readonly utilization?: number;
  /** Average of the pods that count, thousandths. */
  readonly averageMilli: number;
}

export interface MetricTarget {
  /** "cpu", "memory", or the name of a metric of the application. */
  readonly metric: string;
  readonly isResource: boolean;
  readonly utilization?: number;
  readonly averageMilli?: number;
}

interface Question {
  readonly pods: readonly Pod[];
  readonly current: number;
  readonly target: MetricTarget;
  readonly sampleOf: (pod: Pod) => PodSample | undefined;
  /** A ratio this near to 1 changes nothing (--horizontal-pod-autoscaler-tolerance: 0.1). */
  readonly tolerance: number;
  readonly nowMs: number;
}

/**
 * kubernetes pkg/controller/podautoscaler/replica_calculator.go GetResourceReplicas, calcPlainMetricReplicas.
 * @throws MetricError when there is nothing to reckon with
 */
export function proposeReplicas(question: Question): Proposal {
  const { pods, current, target, tolerance } = question;
  const usages = usagesOf(question);
  const { ready, unready, missing } = groupPods(
    pods,
    question.sampleOf,
    target.metric === "cpu" && target.isResource,
    question.nowMs,
  );
  const requests = target.utilization === undefined ? undefined : requestsOf(pods, target.metric);
  const counted = new Map(ready.map((pod) => [nameOf(pod), usages.get(nameOf(pod)) ?? 0]));
  if (counted.size === 0)
    throw new MetricError("did not receive metrics for targeted pods (pods might be unready)");
  const first = ratioOf(counted, requests, target);
  const { utilization, averageMilli } = first;
  const proposal = (replicas: number): Proposal => ({
    replicas,
    averageMilli,
    ...(utilization === undefined ? {} : { utilization }),
  });
  const near = (ratio: number): boolean => Math.abs(1 - ratio) <= tolerance;

  const growsWithUnready = unready.length > 0 && first.ratio > 1;
  if (!growsWithUnready && missing.length === 0)
    return proposal(near(first.ratio) ? current : Math.ceil(first.ratio * ready.length));

  // Pods nobody knows about are taken to speak against the change.
  for (const pod of missing)
    if (first.ratio < 1) counted.set(nameOf(pod), pessimistic(pod, requests, target));
    else if (first.ratio > 1) counted.set(nameOf(pod), 0);
  if (growsWithUnready) for (const pod of unready) counted.set(nameOf(pod), 0);
  const { ratio } = ratioOf(counted, requests, target);
  const turns = (first.ratio < 1 && ratio > 1) || (first.ratio > 1 && ratio < 1);
  if (near(ratio) || turns) return proposal(current);
  const replicas = Math.ceil(ratio * counted.size);
  const isBackwards = (ratio < 1 && replicas > current) || (ratio > 1 && replicas < current);
  return proposal(isBackwards ? current : replicas);
}

function usagesOf({ pods, sampleOf, target }: Question): Map<string, number> {
  const usages = new Map<string, number>();
  for (const pod of pods) {
    const sample = sampleOf(pod);
    if (sample !== undefined) usages.set(nameOf(pod), sample.milli);
  }
  if (usages.size === 0)
    throw new MetricError(
      target.isResource
        ? `unable to get metrics for resource ${target.metric}: no metrics returned from resource metrics API`
        : `unable to get metric ${target.metric}: no metrics returned from custom metrics API`,
    );
  if (pods.length === 0)
    throw new MetricError("no pods returned by selector while calculating replica count");
  return usages;
}

/** Thousandths that each pod asks for; every container has to ask. */
function requestsOf(pods: readonly Pod[], resource: string): Map<string, number> {
  return new Map(
    pods.map((pod) => {
      let sum = 0;
      for (const { name, resources } of pod.spec?.containers ?? []) {
        const text = resources?.requests?.[resource];
        if (text === undefined)
          throw new MetricError(`missing request for ${resource} in container ${name} of Pod ${nameOf(pod)}`);
        sum += resource === "cpu" ? millicores(text) : quantity(text) * 1000;
      }
      return [nameOf(pod), sum];
    }),
  );
}

/** kubernetes pkg/controller/podautoscaler/metrics/utilization.go: a utilization is cut to whole per cents before it is compared. */
function ratioOf(
  counted: ReadonlyMap<string, number>,
  requests: ReadonlyMap<string, number> | undefined,
  target: MetricTarget,
): { ratio: number; utilization?: number; averageMilli: number } {
  let used = 0;
  let requested = 0;
  for (const [name, milli] of counted) {
    used += milli;
    requested += requests?.get(name) ?? 0;
  }
  const averageMilli = Math.trunc(used / counted.size);
  if (requests === undefined) return { ratio: averageMilli / (target.averageMilli ?? 1), averageMilli };
  if (requested === 0) throw new MetricError("no metrics returned matched known pods");
  const utilization = Math.trunc((used * 100) / requested);
  return { ratio: utilization / (target.utilization ?? 1), utilization, averageMilli };
}

/** On the way down a pod without a measurement counts as fully used, or as used as it should be. */
function pessimistic(
  pod: Pod,
  requests: ReadonlyMap<string, number> | undefined,
  target: MetricTarget,
): number {
  if (requests === undefined) return target.averageMilli ?? 0;
  return ((requests.get(nameOf(pod)) ?? 0) * Math.max(100, target.utilization ?? 0)) / 100;
}
