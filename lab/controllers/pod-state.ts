import type { Pod } from "kubernetes-types/core/v1";
import { conditionOf } from "./conditions.ts";
import { isBeingDeleted } from "./objects.ts";
import { momentOf } from "./timestamp.ts";

export const isReady = (pod: Pod): boolean => conditionOf(pod.status?.conditions, "Ready")?.status === "True";

/** When the Ready condition last changed. */
export const readySinceMs = (pod: Pod): number | undefined =>
  momentOf(conditionOf(pod.status?.conditions, "Ready")?.lastTransitionTime);

/** It ran to its end and does not come back. */
export const isFinished = (pod: Pod): boolean =>
  pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";

/** kubernetes pkg/controller/controller_utils.go IsPodActive. */
export const isActive = (pod: Pod): boolean => !isFinished(pod) && !isBeingDeleted(pod);

/** kubernetes pkg/api/v1/pod/util.go IsPodAvailable. */
export function isAvailable(pod: Pod, minReadySeconds: number, nowMs: number): boolean {
  if (!isReady(pod)) return false;
  if (minReadySeconds === 0) return true;
  const since = readySinceMs(pod);
  return since !== undefined && since + minReadySeconds * 1000 < nowMs;
}
