import type { ReplicaSet } from "kubernetes-types/apps/v1";
import type { Pod } from "kubernetes-types/core/v1";
import type { Machine } from "../../machine/machine.ts";
import { matchesSelector } from "../label-match.ts";
import {
  controllerOf,
  controllerReference,
  isBeingDeleted,
  isControlledBy,
  listOf,
  namespaceOf,
  nameOf,
  uidOf,
} from "../objects.ts";
import { isActive } from "../pod-state.ts";

/**
 * The active pods of a ReplicaSet. Pods that match and belong to nobody are adopted, its own that match no
 * longer are let go (kubernetes pkg/controller/controller_ref_manager.go ClaimPods).
 */
export function claimPods(machine: Machine, set: ReplicaSet): Pod[] {
  const claimed: Pod[] = [];
  for (const pod of listOf(machine.store, "pods", namespaceOf(set))) {
    if (!isActive(pod)) continue;
    const matches = matchesSelector(set.spec?.selector, pod.metadata?.labels);
    if (isControlledBy(pod, set)) {
      if (matches) claimed.push(pod);
      else if (!isBeingDeleted(set)) release(machine, pod, set);
    } else if (matches && controllerOf(pod) === undefined && !isBeingDeleted(set)) {
      adopt(machine, pod, set);
      claimed.push(pod);
    }
  }
  return claimed;
}

const adopt = (machine: Machine, pod: Pod, set: ReplicaSet): void =>
  writeOwners(machine, pod, [
    ...(pod.metadata?.ownerReferences ?? []),
    controllerReference("replicasets", set),
  ]);

const release = (machine: Machine, pod: Pod, set: ReplicaSet): void =>
  writeOwners(
    machine,
    pod,
    (pod.metadata?.ownerReferences ?? []).filter(({ uid }) => uid !== uidOf(set)),
  );

function writeOwners(machine: Machine, pod: Pod, ownerReferences: object[]): void {
  const body = { metadata: { uid: uidOf(pod), ownerReferences } };
  machine.writes.patch("pods", nameOf(pod), namespaceOf(pod), { type: "merge", body });
}
