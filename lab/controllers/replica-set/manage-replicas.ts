import type { ReplicaSet } from "kubernetes-types/apps/v1";
import type { Pod } from "kubernetes-types/core/v1";
import { StatusError } from "../../api-server/status.ts";
import type { KubeObject } from "../../api-server/stored-object.ts";
import type { Machine } from "../../machine/machine.ts";
import { asSubject, controllerOf, listOf, namespaceOf, nameOf } from "../objects.ts";
import { podFromTemplate } from "../pod-from-template.ts";
import { inDeletionOrder } from "./deletion-order.ts";

/** kubernetes pkg/controller/replicaset/replica_set.go BurstReplicas. */
const burstReplicas = 500;
const component = "replicaset-controller";

/** Creates or deletes pods until there are as many as wanted; the error of a refused write is handed back. */
export function manageReplicas(
  machine: Machine,
  set: ReplicaSet,
  pods: readonly Pod[],
): StatusError | undefined {
  const excess = pods.length - (set.spec?.replicas ?? 1);
  if (excess < 0) return createPods(machine, set, Math.min(-excess, burstReplicas));
  if (excess === 0) return undefined;
  const order = inDeletionOrder(pods, relatedPods(machine, set), machine.nowMs());
  return deletePods(machine, set, order.slice(0, burstReplicas).slice(0, excess));
}

/** In batches of 1, 2, 4, …: the first batch in which one is refused is the last (kubernetes replica_set.go slowStartBatch). */
function createPods(machine: Machine, set: ReplicaSet, count: number): StatusError | undefined {
  let left = count;
  for (let batch = 1; left > 0; batch = Math.min(2 * batch, left)) {
    let refused: StatusError | undefined;
    for (let i = 0; i < batch; i += 1) {
      const error = createPod(machine, set);
      refused ??= error;
    }
    if (refused !== undefined) return refused;
    left -= batch;
    if (left === 0) return undefined;
  }
  return undefined;
}

function createPod(machine: Machine, set: ReplicaSet): StatusError | undefined {
  const pod = podFromTemplate("replicasets", set, set.spec?.template);
  const error = refusal(() => machine.writes.create("pods", pod));
  if (error === undefined) tell(machine, set, "SuccessfulCreate", `Created pod: ${pod.metadata?.name}`);
  // In a namespace that goes away every creation fails, and nobody wants to hear of it.
  else if (isNamespaceTerminating(error)) return undefined;
  else tell(machine, set, "FailedCreate", `Error creating: ${error.message}`, "Warning");
  return error;
}

function deletePods(machine: Machine, set: ReplicaSet, pods: readonly Pod[]): StatusError | undefined {
  let refused: StatusError | undefined;
  for (const pod of pods) {
    const error = refusal(() => machine.writes.remove("pods", nameOf(pod), namespaceOf(pod)));
    if (error === undefined) tell(machine, set, "SuccessfulDelete", `Deleted pod: ${nameOf(pod)}`);
    else tell(machine, set, "FailedDelete", `Error deleting: ${error.message}`, "Warning");
    refused ??= error;
  }
  return refused;
}

/** Pods of every ReplicaSet with the same owner, this one's included. */
function relatedPods(machine: Machine, set: ReplicaSet): Pod[] {
  const namespace = namespaceOf(set);
  const owner = controllerOf(set)?.uid;
  const sets = listOf(machine.store, "replicasets", namespace)
    .filter((other) => controllerOf(other)?.uid === owner)
    .map((other) => other.metadata?.uid);
  const family = new Set(owner === undefined ? [set.metadata?.uid] : sets);
  return listOf(machine.store, "pods", namespace).filter((pod) => family.has(controllerOf(pod)?.uid));
}

function refusal(write: () => KubeObject | undefined): StatusError | undefined {
  try {
    write();
    return undefined;
  } catch (error) {
    if (error instanceof StatusError) return error;
    throw error;
  }
}

const isNamespaceTerminating = ({ status }: StatusError): boolean =>
  status.details?.causes?.some(({ reason }) => reason === "NamespaceTerminating") === true;

const tell = (
  machine: Machine,
  set: ReplicaSet,
  reason: string,
  message: string,
  type: "Normal" | "Warning" = "Normal",
): void => machine.event(component, asSubject("replicasets", set), { type, reason, message });
