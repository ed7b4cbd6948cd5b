import type { ReplicaSet, ReplicaSetStatus } from "kubernetes-types/apps/v1";
import type { Pod } from "kubernetes-types/core/v1";
import { conditionOf, withoutCondition, withWorkloadCondition } from "../conditions.ts";
import { matchesLabels } from "../label-match.ts";
import { isAvailable, isReady } from "../pod-state.ts";
import { timestamp } from "../timestamp.ts";
import { withoutZeros } from "../without-zeros.ts";

/**
 * kubernetes pkg/controller/replicaset/replica_set_utils.go calculateStatus.
 * @param refused why a pod could not be created or deleted
 */
export function replicaSetStatus(
  set: ReplicaSet,
  pods: readonly Pod[],
  refused: Error | undefined,
  nowMs: number,
): ReplicaSetStatus {
  const minReadySeconds = set.spec?.minReadySeconds ?? 0;
  const labels = set.spec?.template?.metadata?.labels ?? {};
  const count = (counts: (pod: Pod) => boolean): number => pods.filter(counts).length;
  const conditions = conditionsOf(set, pods.length, refused, nowMs);
  return {
    ...withoutZeros({
      fullyLabeledReplicas: count((pod) => matchesLabels(labels, pod.metadata?.labels)),
      readyReplicas: count(isReady),
      availableReplicas: count((pod) => isAvailable(pod, minReadySeconds, nowMs)),
      observedGeneration: set.metadata?.generation ?? 0,
    }),
    replicas: pods.length,
    ...(conditions.length === 0 ? {} : { conditions }),
  };
}

type Conditions = NonNullable<ReplicaSetStatus["conditions"]>;

function conditionsOf(
  set: ReplicaSet,
  podCount: number,
  refused: Error | undefined,
  nowMs: number,
): Conditions {
  const before = set.status?.conditions ?? [];
  const failed = conditionOf(before, "ReplicaFailure") !== undefined;
  if (refused === undefined) return failed ? withoutCondition(before, "ReplicaFailure") : before;
  if (failed) return before;
  return withWorkloadCondition(before, {
    type: "ReplicaFailure",
    status: "True",
    lastTransitionTime: timestamp(nowMs),
    reason: podCount < (set.spec?.replicas ?? 1) ? "FailedCreate" : "FailedDelete",
    message: refused.message,
  });
}
