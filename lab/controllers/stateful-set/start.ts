import type { StatefulSet, StatefulSetStatus } from "kubernetes-types/apps/v1";
import type { Pod } from "kubernetes-types/core/v1";
import type { Machine, Stop } from "../../machine/machine.ts";
import { startControlLoop } from "../control-loop.ts";
import { controllerOf, isBeingDeleted, keysOfAll, objectOf, sidesOf, splitKey } from "../objects.ts";
import { isAvailable, isReady } from "../pod-state.ts";
import { withoutZeros } from "../without-zeros.ts";
import { writeStatus } from "../write-status.ts";
import { stepPods } from "./next-step.ts";
import { hasRevision, podsByOrdinal } from "./own-pods.ts";
import { revisionsOf, type Revisions } from "./revisions.ts";

/** Keeps StatefulSets, without volumes (kubernetes pkg/controller/statefulset/stateful_set.go). */
export function startStatefulSets(machine: Machine): Stop {
  const { store } = machine;
  return startControlLoop(machine, {
    name: "statefulset-controller",
    keysOf: (change) => {
      if (change.resource === "statefulsets") return [change.object.key];
      if (change.resource !== "pods") return [];
      return sidesOf(change).flatMap(({ object, namespace }) => {
        const owner = controllerOf(object as Pod);
        return owner?.kind === "StatefulSet" ? [`${namespace}/${owner.name}`] : [];
      });
    },
    allKeys: () => keysOfAll(store, "statefulsets"),
    sync: (key) => {
      const { namespace, name } = splitKey(key);
      const set = objectOf(store, "statefulsets", name, namespace);
      if (set !== undefined && !isBeingDeleted(set)) syncStatefulSet(machine, set);
    },
  });
}

function syncStatefulSet(machine: Machine, set: StatefulSet): void {
  const revisions = revisionsOf(machine, set);
  try {
    stepPods(machine, set, podsByOrdinal(machine, set), revisions);
  } finally {
    const pods = [...podsByOrdinal(machine, set).values()];
    writeStatus(machine, "statefulsets", set, statusOf(set, pods, revisions, machine.nowMs()));
  }
}

/** kubernetes stateful_set_control.go updateStatus, completeRollingUpdate. */
function statusOf(
  set: StatefulSet,
  pods: readonly Pod[],
  { current, update }: Revisions,
  nowMs: number,
): StatefulSetStatus {
  const staying = pods.filter((pod) => !isBeingDeleted(pod));
  const ready = pods.filter(isReady).length;
  const updated = staying.filter((pod) => hasRevision(pod, update)).length;
  const isDone = updated === pods.length && ready === pods.length;
  const isUpdating = current.name !== update.name && !isDone;
  const currentCount = isUpdating ? staying.filter((pod) => hasRevision(pod, current)).length : updated;
  return {
    observedGeneration: set.metadata?.generation ?? 0,
    replicas: pods.length,
    availableReplicas: pods.filter((pod) => isAvailable(pod, set.spec?.minReadySeconds ?? 0, nowMs)).length,
    ...withoutZeros({ readyReplicas: ready, currentReplicas: currentCount, updatedReplicas: updated }),
    currentRevision: isUpdating ? current.name : update.name,
    updateRevision: update.name,
    collisionCount: set.status?.collisionCount ?? 0,
  };
}
