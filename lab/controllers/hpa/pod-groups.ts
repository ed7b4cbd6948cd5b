import type { Pod } from "kubernetes-types/core/v1";
import { conditionOf } from "../conditions.ts";
import { isBeingDeleted } from "../objects.ts";
import { momentOf } from "../timestamp.ts";
import type { PodSample } from "./usage.ts";

/** CPU in this time after the start is not believed until the pod was ready (--horizontal-pod-autoscaler-cpu-initialization-period). */
const cpuInitialisationMs = 300_000;
/** A pod that became unready later than this after its start was ready before (--horizontal-pod-autoscaler-initial-readiness-delay). */
const initialReadinessDelayMs = 30_000;

export interface PodGroups {
  readonly ready: readonly Pod[];
  readonly unready: readonly Pod[];
  readonly missing: readonly Pod[];
}

/** kubernetes pkg/controller/podautoscaler/replica_calculator.go groupPods. */
export function groupPods(
  pods: readonly Pod[],
  sampleOf: (pod: Pod) => PodSample | undefined,
  isCpu: boolean,
  nowMs: number,
): PodGroups {
  const groups = { ready: [] as Pod[], unready: [] as Pod[], missing: [] as Pod[] };
  for (const pod of pods) {
    if (isBeingDeleted(pod) || pod.status?.phase === "Failed") continue;
    const sample = sampleOf(pod);
    if (pod.status?.phase === "Pending") groups.unready.push(pod);
    else if (sample === undefined) groups.missing.push(pod);
    else if (isCpu && isStarting(pod, sample, nowMs)) groups.unready.push(pod);
    else groups.ready.push(pod);
  }
  return groups;
}

function isStarting(pod: Pod, sample: PodSample, nowMs: number): boolean {
  const ready = conditionOf(pod.status?.conditions, "Ready");
  const startedMs = momentOf(pod.status?.startTime);
  const changedMs = momentOf(ready?.lastTransitionTime);
  if (ready === undefined || startedMs === undefined || changedMs === undefined) return true;
  if (startedMs + cpuInitialisationMs > nowMs)
    return ready.status === "False" || sample.atMs < changedMs + sample.windowMs;
  return ready.status === "False" && startedMs + initialReadinessDelayMs > changedMs;
}
