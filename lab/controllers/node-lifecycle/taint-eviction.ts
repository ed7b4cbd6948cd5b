import type { Pod, Taint, Toleration } from "kubernetes-types/core/v1";
import type { Machine, Stop } from "../../machine/machine.ts";
import { withCondition } from "../conditions.ts";
import { startControlLoop } from "../control-loop.ts";
import {
  asSubject,
  isBeingDeleted,
  keyOf,
  keysOfAll,
  listOf,
  nameOf,
  namespaceOf,
  objectOf,
  splitKey,
} from "../objects.ts";
import { momentOf } from "../timestamp.ts";
import { tolerates } from "../tolerations.ts";

export interface EvictionSettings {
  /** How long pods that ask for nothing else stay on a node that is not ready (admission plugin DefaultTolerationSeconds: 300). */
  readonly defaultTolerationSeconds: number;
}

const component = "taint-eviction-controller";

/** Deletes pods from nodes with a NoExecute taint once they do not tolerate it any more (kubernetes pkg/controller/tainteviction/taint_eviction.go). */
export function startTaintEviction(machine: Machine, settings: EvictionSettings): Stop {
  const { store } = machine;
  return startControlLoop(machine, {
    name: component,
    keysOf: ({ resource, object }) => {
      if (resource === "pods") return [object.key];
      if (resource !== "nodes") return [];
      return listOf(store, "pods")
        .filter((pod) => pod.spec?.nodeName === object.name)
        .map(keyOf);
    },
    allKeys: () => keysOfAll(store, "pods"),
    sync: (key) => {
      const { namespace, name } = splitKey(key);
      const pod = objectOf(store, "pods", name, namespace);
      if (pod === undefined || isBeingDeleted(pod)) return undefined;
      const leftMs = toleratedMs(machine, pod, settings);
      if (leftMs > 0) return leftMs === Infinity ? undefined : leftMs;
      evict(machine, pod);
      return undefined;
    },
  });
}

/** How long the pod may stay. */
function toleratedMs(machine: Machine, pod: Pod, settings: EvictionSettings): number {
  const node = objectOf(machine.store, "nodes", pod.spec?.nodeName ?? "");
  const taints = (node?.spec?.taints ?? []).filter(({ effect }) => effect === "NoExecute");
  const ends = taints.map((taint) => {
    const seconds = toleratedSeconds(taint, pod.spec?.tolerations ?? [], settings);
    return (momentOf(taint.timeAdded) ?? 0) + seconds * 1000;
  });
  return Math.min(Infinity, ...ends) - machine.nowMs();
}

const ofNodeState = new Set(["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"]);
const admittedSeconds = 300;

function toleratedSeconds(
  taint: Taint,
  tolerations: readonly Toleration[],
  { defaultTolerationSeconds }: EvictionSettings,
): number {
  const own = tolerations.filter((toleration) => tolerates(toleration, taint));
  if (own.length === 0) return ofNodeState.has(taint.key) ? defaultTolerationSeconds : 0;
  return Math.min(
    ...own.map(({ tolerationSeconds, key }) =>
      // What admission adds to every pod is the default, whatever the default is here.
      tolerationSeconds === admittedSeconds && ofNodeState.has(key ?? "")
        ? defaultTolerationSeconds
        : Math.max(0, tolerationSeconds ?? Infinity),
    ),
  );
}

function evict(machine: Machine, pod: Pod): void {
  const message = `Marking for deletion Pod ${keyOf(pod)}`;
  const event = { type: "Normal", reason: "TaintManagerEviction", message } as const;
  machine.event(component, asSubject("pods", pod), event);
  const condition = {
    type: "DisruptionTarget",
    status: "True",
    reason: "DeletionByTaintManager",
    message: "Taint manager: deleting due to NoExecute taint",
  };
  machine.writes.updateStatus("pods", nameOf(pod), namespaceOf(pod), (status) => ({
    ...status,
    conditions: withCondition(
      (status["conditions"] ?? []) as (typeof condition)[],
      condition,
      machine.nowMs(),
    ),
  }));
  machine.writes.remove("pods", nameOf(pod), namespaceOf(pod));
}
