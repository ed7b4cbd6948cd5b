import type { Deployment, ReplicaSet } from "kubernetes-types/apps/v1";
import type { Machine } from "../../machine/machine.ts";
import { controllerOf, listOf, namespaceOf, uidOf } from "../objects.ts";
import { isFinished } from "../pod-state.ts";
import { isScaledUp, type Sets, totalOf } from "./replica-sets.ts";
import { replicasOf } from "./rollout-limits.ts";
import { scaleSet } from "./scale-set.ts";

/** kubernetes pkg/controller/deployment/recreate.go scaleDownOldReplicaSetsForRecreate. */
export function emptyOldSets(machine: Machine, deployment: Deployment, { old }: Sets): boolean {
  const active = old.filter(isScaledUp);
  for (const set of active) scaleSet(machine, deployment, set, 0);
  return active.length > 0;
}

/** Pods of old sets that have not ended, terminating ones included: a Recreate waits for them (kubernetes recreate.go oldPodsRunning). */
export function hasOldPods(machine: Machine, deployment: Deployment, { old }: Sets): boolean {
  if (totalOf(old, (set) => set.status?.replicas ?? 0) > 0) return true;
  const uids = new Set(old.map(uidOf));
  return listOf(machine.store, "pods", namespaceOf(deployment)).some(
    (pod) => uids.has(controllerOf(pod)?.uid ?? "") && !isFinished(pod),
  );
}

export const fillCurrentSet = (machine: Machine, deployment: Deployment, current: ReplicaSet): boolean =>
  scaleSet(machine, deployment, current, replicasOf(deployment));
