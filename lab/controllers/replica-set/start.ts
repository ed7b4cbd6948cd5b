import type { ReplicaSet } from "kubernetes-types/apps/v1";
import type { Pod } from "kubernetes-types/core/v1";
import type { Machine, Stop } from "../../machine/machine.ts";
import { startControlLoop } from "../control-loop.ts";
import { isBeingDeleted, keysOfAll, objectOf, splitKey } from "../objects.ts";
import { readySinceMs } from "../pod-state.ts";
import { writeStatus } from "../write-status.ts";
import { claimPods } from "./claim-pods.ts";
import { manageReplicas } from "./manage-replicas.ts";
import { replicaSetStatus } from "./status.ts";

/** Keeps as many pods as each ReplicaSet asks for (kubernetes pkg/controller/replicaset/replica_set.go). */
export function startReplicaSets(machine: Machine): Stop {
  const { store } = machine;
  return startControlLoop(machine, {
    name: "replicaset-controller",
    keysOf: ({ resource, object }) => {
      if (resource === "replicasets") return [object.key];
      return resource === "pods" ? keysOfAll(store, "replicasets", object.namespace) : [];
    },
    allKeys: () => keysOfAll(store, "replicasets"),
    sync: (key) => {
      const { namespace, name } = splitKey(key);
      const set = objectOf(store, "replicasets", name, namespace);
      return set === undefined ? undefined : syncReplicaSet(machine, set);
    },
  });
}

function syncReplicaSet(machine: Machine, set: ReplicaSet): number | undefined {
  const pods = claimPods(machine, set);
  const refused = isBeingDeleted(set) ? undefined : manageReplicas(machine, set, pods);
  const nowMs = machine.nowMs();
  writeStatus(machine, "replicasets", set, replicaSetStatus(set, pods, refused, nowMs));
  if (refused !== undefined) throw refused;
  return nextAvailableMs(pods, set.spec?.minReadySeconds ?? 0, nowMs);
}

/** Until the next pod has been ready for long enough; undefined when none is waiting. */
function nextAvailableMs(pods: readonly Pod[], minReadySeconds: number, nowMs: number): number | undefined {
  if (minReadySeconds === 0) return undefined;
  const waits = pods
    .map((pod) => (readySinceMs(pod) ?? 0) + minReadySeconds * 1000 + 1 - nowMs)
    .filter((ms) => ms > 0);
  return waits.length === 0 ? undefined : Math.min(...waits);
}
