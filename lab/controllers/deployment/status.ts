import type { Deployment, DeploymentStatus, ReplicaSet } from "kubernetes-types/apps/v1";
import type { Machine } from "../../machine/machine.ts";
import { withWorkloadCondition } from "../conditions.ts";
import { namespaceOf, nameOf } from "../objects.ts";
import { timestamp } from "../timestamp.ts";
import { withoutZeros } from "../without-zeros.ts";
import { allOf, type Sets, sizeOf, totalOf } from "./replica-sets.ts";
import { maxUnavailable, replicasOf } from "./rollout-limits.ts";

export type DeploymentConditions = NonNullable<DeploymentStatus["conditions"]>;

export const deploymentCondition = (
  type: string,
  status: string,
  reason: string,
  message: string,
  nowMs: number,
): DeploymentConditions[number] => ({
  type,
  status,
  lastUpdateTime: timestamp(nowMs),
  lastTransitionTime: timestamp(nowMs),
  reason,
  message,
});

export const availableIn = (set: ReplicaSet): number => set.status?.availableReplicas ?? 0;

/** Counts and the Available condition (kubernetes pkg/controller/deployment/sync.go calculateStatus). */
export function calculateStatus(
  deployment: Deployment,
  sets: Sets,
  nowMs: number,
): DeploymentStatus & { conditions: DeploymentConditions } {
  const all = allOf(sets);
  const available = totalOf(all, availableIn);
  const isEnough = available >= replicasOf(deployment) - maxUnavailable(deployment);
  const conditions = withWorkloadCondition(
    deployment.status?.conditions ?? [],
    isEnough
      ? deploymentCondition(
          "Available",
          "True",
          "MinimumReplicasAvailable",
          "Deployment has minimum availability.",
          nowMs,
        )
      : deploymentCondition(
          "Available",
          "False",
          "MinimumReplicasUnavailable",
          "Deployment does not have minimum availability.",
          nowMs,
        ),
  );
  const collisionCount = deployment.status?.collisionCount;
  return {
    ...withoutZeros({
      observedGeneration: deployment.metadata?.generation ?? 0,
      replicas: totalOf(all, (set) => set.status?.replicas ?? 0),
      updatedReplicas: sets.current?.status?.replicas ?? 0,
      readyReplicas: totalOf(all, (set) => set.status?.readyReplicas ?? 0),
      availableReplicas: available,
      unavailableReplicas: Math.max(0, totalOf(all, sizeOf) - available),
    }),
    ...(collisionCount === undefined ? {} : { collisionCount }),
    conditions,
  };
}

export function setProgressing(
  machine: Machine,
  deployment: Deployment,
  status: string,
  reason: string,
  message: string,
): void {
  const condition = deploymentCondition("Progressing", status, reason, message, machine.nowMs());
  machine.writes.updateStatus("deployments", nameOf(deployment), namespaceOf(deployment), (before) => ({
    ...before,
    conditions: withWorkloadCondition((before["conditions"] ?? []) as DeploymentConditions, condition),
  }));
}
