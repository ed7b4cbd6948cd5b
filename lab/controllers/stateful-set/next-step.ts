import type { StatefulSet } from "kubernetes-types/apps/v1";
import type { Pod } from "kubernetes-types/core/v1";
import type { Machine } from "../../machine/machine.ts";
import { isBeingDeleted } from "../objects.ts";
import { isFinished } from "../pod-state.ts";
import { createPod, deletePod, hasRevision, isHealthy } from "./own-pods.ts";
import type { Revision, Revisions } from "./revisions.ts";

/**
 * Creates, deletes and replaces pods in the order of their ordinals: one after the other, unless the set is
 * Parallel (kubernetes pkg/controller/statefulset/stateful_set_control.go updateStatefulSet).
 */
export function stepPods(
  machine: Machine,
  set: StatefulSet,
  pods: ReadonlyMap<number, Pod>,
  revisions: Revisions,
): void {
  const isOrdered = set.spec?.podManagementPolicy !== "Parallel";
  if (!fill(machine, set, pods, revisions, isOrdered)) return;
  if (!condemn(machine, set, pods, isOrdered)) return;
  if (set.spec?.updateStrategy?.type !== "OnDelete") replace(machine, set, pods, revisions.update);
}

const ordinalsOf = (set: StatefulSet): number[] => {
  const start = (set.spec as { ordinals?: { start?: number } } | undefined)?.ordinals?.start ?? 0;
  return Array.from({ length: set.spec?.replicas ?? 1 }, (_none, index) => start + index);
};

const partitionOf = (set: StatefulSet): number => set.spec?.updateStrategy?.rollingUpdate?.partition ?? 0;

/** Whether the next thing may be done. */
function fill(
  machine: Machine,
  set: StatefulSet,
  pods: ReadonlyMap<number, Pod>,
  revisions: Revisions,
  isOrdered: boolean,
): boolean {
  for (const [index, ordinal] of ordinalsOf(set).entries()) {
    const pod = pods.get(ordinal);
    if (pod === undefined) createPod(machine, set, ordinal, revisionFor(set, index, ordinal, revisions));
    else if (isFinished(pod) && !isBeingDeleted(pod)) deletePod(machine, set, pod);
    else if (isHealthy(pod, set, machine.nowMs())) continue;
    if (isOrdered) return false;
  }
  return true;
}

/** In the middle of an update a lost pod comes back as it was, unless its turn has come (newVersionedStatefulSetPod). */
function revisionFor(
  set: StatefulSet,
  index: number,
  ordinal: number,
  { current, update }: Revisions,
): Revision {
  if (set.spec?.updateStrategy?.type === "OnDelete") return update;
  const partition = set.spec?.updateStrategy?.rollingUpdate?.partition;
  const isOld =
    partition === undefined || partition === 0
      ? index < (set.status?.currentReplicas ?? 0)
      : ordinal < partition;
  return isOld ? current : update;
}

function condemn(
  machine: Machine,
  set: StatefulSet,
  pods: ReadonlyMap<number, Pod>,
  isOrdered: boolean,
): boolean {
  const kept = new Set(ordinalsOf(set));
  const condemned = [...pods].filter(([ordinal]) => !kept.has(ordinal)).sort(([a], [b]) => b - a);
  for (const [, pod] of condemned) {
    if (!isBeingDeleted(pod)) deletePod(machine, set, pod);
    if (isOrdered) return false;
  }
  return true;
}

/** From the highest ordinal down to the partition, the next when the one before is healthy again. */
function replace(machine: Machine, set: StatefulSet, pods: ReadonlyMap<number, Pod>, update: Revision): void {
  for (const ordinal of ordinalsOf(set).reverse()) {
    if (ordinal < partitionOf(set)) return;
    const pod = pods.get(ordinal);
    if (pod === undefined || isBeingDeleted(pod)) return;
    if (!hasRevision(pod, update)) return deletePod(machine, set, pod);
    if (!isHealthy(pod, set, machine.nowMs())) return;
  }
}
