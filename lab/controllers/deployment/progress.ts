import type { Deployment, DeploymentStatus } from "kubernetes-types/apps/v1";
import type { Machine } from "../../machine/machine.ts";
import { conditionOf, withoutCondition, withWorkloadCondition } from "../conditions.ts";
import { nameOf } from "../objects.ts";
import { momentOf } from "../timestamp.ts";
import { writeStatus } from "../write-status.ts";
import { allOf, type Sets } from "./replica-sets.ts";
import { hasProgressDeadline, progressDeadlineSeconds, replicasOf } from "./rollout-limits.ts";
import { calculateStatus, deploymentCondition, type DeploymentConditions } from "./status.ts";

/**
 * Writes the status during a rollout, with the Progressing condition (kubernetes
 * pkg/controller/deployment/progress.go syncRolloutStatus).
 * @returns milliseconds until the deadline has to be looked at
 */
export function syncRolloutStatus(machine: Machine, deployment: Deployment, sets: Sets): number | undefined {
  const nowMs = machine.nowMs();
  const status = calculateStatus(deployment, sets, nowMs);
  const progressed = progressConditions(deployment, status, sets, nowMs);
  const conditions = withReplicaFailure(progressed, sets);
  writeStatus(machine, "deployments", deployment, { ...status, conditions });
  return stuckCheckMs(deployment, { ...status, conditions }, nowMs);
}

/** kubernetes deployment_util.go DeploymentComplete. */
export const isComplete = (deployment: Deployment, status: DeploymentStatus): boolean =>
  (status.updatedReplicas ?? 0) === replicasOf(deployment) &&
  (status.replicas ?? 0) === replicasOf(deployment) &&
  (status.availableReplicas ?? 0) === replicasOf(deployment) &&
  (status.observedGeneration ?? 0) >= (deployment.metadata?.generation ?? 0);

function progressConditions(
  deployment: Deployment,
  status: DeploymentStatus & { conditions: DeploymentConditions },
  sets: Sets,
  nowMs: number,
): DeploymentConditions {
  if (!hasProgressDeadline(deployment)) return withoutCondition(status.conditions, "Progressing");
  const before = conditionOf(deployment.status?.conditions, "Progressing");
  const isResync =
    (status.replicas ?? 0) === (status.updatedReplicas ?? 0) && before?.reason === "NewReplicaSetAvailable";
  if (isResync) return status.conditions;
  const subject =
    sets.current === undefined
      ? `Deployment "${nameOf(deployment)}"`
      : `ReplicaSet "${nameOf(sets.current)}"`;
  const progressing = (value: string, reason: string, what: string): DeploymentConditions[number] =>
    deploymentCondition("Progressing", value, reason, `${subject} ${what}`, nowMs);

  if (isComplete(deployment, status))
    return withWorkloadCondition(
      status.conditions,
      progressing("True", "NewReplicaSetAvailable", "has successfully progressed."),
    );
  if (hasMoved(deployment.status ?? {}, status)) {
    const condition = progressing("True", "ReplicaSetUpdated", "is progressing.");
    // Progress with the same reason is still news: the deadline counts from lastUpdateTime.
    const since = before?.status === "True" ? before.lastTransitionTime : undefined;
    return [
      ...withoutCondition(status.conditions, "Progressing"),
      { ...condition, lastTransitionTime: since ?? condition.lastTransitionTime! },
    ];
  }
  if (isTimedOut(deployment, before, nowMs))
    return withWorkloadCondition(
      status.conditions,
      progressing("False", "ProgressDeadlineExceeded", "has timed out progressing."),
    );
  return status.conditions;
}

const outdated = (status: DeploymentStatus): number => (status.replicas ?? 0) - (status.updatedReplicas ?? 0);

/** kubernetes deployment_util.go DeploymentProgressing. */
function hasMoved(before: DeploymentStatus, now: DeploymentStatus): boolean {
  return (
    (now.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    outdated(now) < outdated(before) ||
    (now.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (now.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  );
}

/** kubernetes deployment_util.go DeploymentTimedOut. */
function isTimedOut(
  deployment: Deployment,
  progressing: DeploymentConditions[number] | undefined,
  nowMs: number,
): boolean {
  if (progressing === undefined || progressing.reason === "NewReplicaSetAvailable") return false;
  if (progressing.reason === "ProgressDeadlineExceeded") return true;
  const sinceMs = momentOf(progressing.lastUpdateTime) ?? nowMs;
  return sinceMs + progressDeadlineSeconds(deployment) * 1000 < nowMs;
}

/** The failure of one of its sets, the current one's first. */
function withReplicaFailure(conditions: DeploymentConditions, sets: Sets): DeploymentConditions {
  for (const set of allOf(sets).reverse()) {
    const failure = conditionOf(set.status?.conditions, "ReplicaFailure");
    if (failure === undefined) continue;
    const since = failure.lastTransitionTime;
    return withWorkloadCondition(conditions, {
      ...failure,
      ...(since === undefined ? {} : { lastUpdateTime: since }),
    });
  }
  return withoutCondition(conditions, "ReplicaFailure");
}

/** kubernetes progress.go requeueStuckDeployment: a second after the deadline. */
function stuckCheckMs(deployment: Deployment, status: DeploymentStatus, nowMs: number): number | undefined {
  const progressing = conditionOf(status.conditions, "Progressing");
  if (!hasProgressDeadline(deployment) || progressing === undefined) return undefined;
  if (isComplete(deployment, status) || progressing.reason === "ProgressDeadlineExceeded") return undefined;
  const sinceMs = momentOf(progressing.lastUpdateTime) ?? nowMs;
  return Math.max(1000, sinceMs + progressDeadlineSeconds(deployment) * 1000 - nowMs + 1000);
}
