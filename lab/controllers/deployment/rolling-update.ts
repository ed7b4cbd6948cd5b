import type { Deployment, ReplicaSet } from "kubernetes-types/apps/v1";
import type { Machine } from "../../machine/machine.ts";
import { nextSize } from "./current-set.ts";
import { allOf, isScaledUp, type Sets, sizeOf, totalOf } from "./replica-sets.ts";
import { maxUnavailable, replicasOf } from "./rollout-limits.ts";
import { scaleSet } from "./scale-set.ts";
import { availableIn } from "./status.ts";

/** One step of a rolling update: up where there is room, else down (kubernetes pkg/controller/deployment/rolling.go). Whether one was made. */
export const rollOneStep = (machine: Machine, deployment: Deployment, sets: Sets): boolean =>
  growCurrent(machine, deployment, sets) || shrinkOld(machine, deployment, sets);

function growCurrent(machine: Machine, deployment: Deployment, sets: Sets): boolean {
  const { current } = sets;
  if (current === undefined || sizeOf(current) === replicasOf(deployment)) return false;
  const isTooBig = sizeOf(current) > replicasOf(deployment);
  const size = isTooBig ? replicasOf(deployment) : nextSize(deployment, allOf(sets), sizeOf(current));
  return scaleSet(machine, deployment, current, size);
}

function shrinkOld(machine: Machine, deployment: Deployment, { current, old }: Sets): boolean {
  const active = old.filter(isScaledUp);
  if (active.length === 0 || current === undefined) return false;
  // A set that was made smaller and whose status still counts the pods of before: what would be taken away now is gone already.
  if (active.some((set) => availableIn(set) > sizeOf(set))) return false;
  const minAvailable = replicasOf(deployment) - maxUnavailable(deployment);
  const unavailable = sizeOf(current) - availableIn(current);
  const most = totalOf([...active, current], sizeOf) - minAvailable - unavailable;
  if (most <= 0) return false;

  const sizes = new Map(active.map((set) => [set, sizeOf(set)]));
  dropUnhealthy(sizes, most);
  dropAvailable(sizes, totalOf([...active, current], availableIn) - minAvailable);
  let isScaled = false;
  for (const [set, size] of sizes)
    if (size !== sizeOf(set)) isScaled = scaleSet(machine, deployment, set, size) || isScaled;
  return isScaled;
}

/** Pods that serve nobody go first, as they cannot be missed (kubernetes rolling.go cleanupUnhealthyReplicas). */
function dropUnhealthy(sizes: Map<ReplicaSet, number>, most: number): void {
  let left = most;
  for (const [set, size] of sizes) {
    const dropped = Math.max(0, Math.min(left, size - availableIn(set)));
    sizes.set(set, size - dropped);
    left -= dropped;
  }
}

/** As many as are available above the minimum, the oldest set's first (kubernetes rolling.go scaleDownOldReplicaSetsForRollingUpdate). */
function dropAvailable(sizes: Map<ReplicaSet, number>, most: number): void {
  let left = Math.max(0, most);
  for (const [set, size] of sizes) {
    const dropped = Math.min(size, left);
    sizes.set(set, size - dropped);
    left -= dropped;
  }
}
