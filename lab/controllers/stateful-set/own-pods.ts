import type { StatefulSet } from "kubernetes-types/apps/v1";
import type { Pod } from "kubernetes-types/core/v1";
import { StatusError } from "../../api-server/status.ts";
import type { Machine } from "../../machine/machine.ts";
import { asSubject, isBeingDeleted, isControlledBy, listOf, nameOf, namespaceOf } from "../objects.ts";
import { podFromTemplate } from "../pod-from-template.ts";
import { isAvailable, isReady } from "../pod-state.ts";
import type { Revision } from "./revisions.ts";

const revisionLabel = "controller-revision-hash";

/** Pods of the set by their ordinals. */
export function podsByOrdinal({ store }: Machine, set: StatefulSet): Map<number, Pod> {
  const own = listOf(store, "pods", namespaceOf(set)).filter((pod) => isControlledBy(pod, set));
  return new Map(own.map((pod) => [ordinalOf(pod), pod]));
}

const ordinalOf = (pod: Pod): number => Number(/-(\d+)$/.exec(nameOf(pod))?.[1] ?? -1);

export const hasRevision = (pod: Pod, { name }: Revision): boolean =>
  pod.metadata?.labels?.[revisionLabel] === name;

/** Running, Ready for as long as is asked, and staying. */
export const isHealthy = (pod: Pod, set: StatefulSet, nowMs: number): boolean =>
  pod.status?.phase === "Running" &&
  isReady(pod) &&
  !isBeingDeleted(pod) &&
  isAvailable(pod, set.spec?.minReadySeconds ?? 0, nowMs);

/** @throws StatusError when the API refuses it, after an event that says so */
export function createPod(machine: Machine, set: StatefulSet, ordinal: number, revision: Revision): void {
  const name = `${nameOf(set)}-${ordinal}`;
  const pod = podFromTemplate("statefulsets", set, revision.template, name);
  const labels = {
    ...pod.metadata?.labels,
    "apps.kubernetes.io/pod-index": String(ordinal),
    [revisionLabel]: revision.name,
    "statefulset.kubernetes.io/pod-name": name,
  };
  const { serviceName } = set.spec ?? {};
  // A name that its headless Service resolves.
  const subdomain = serviceName === undefined || serviceName === "" ? {} : { subdomain: serviceName };
  const spec = { ...(pod["spec"] as object), hostname: name, ...subdomain };
  try {
    machine.writes.create("pods", { ...pod, metadata: { ...pod.metadata, labels }, spec });
    tell(
      machine,
      set,
      "Normal",
      "SuccessfulCreate",
      `create Pod ${name} in StatefulSet ${nameOf(set)} successful`,
    );
  } catch (error) {
    if (error instanceof StatusError)
      tell(
        machine,
        set,
        "Warning",
        "FailedCreate",
        `create Pod ${name} in StatefulSet ${nameOf(set)} failed error: ${error.message}`,
      );
    throw error;
  }
}

export function deletePod(machine: Machine, set: StatefulSet, pod: Pod): void {
  machine.writes.remove("pods", nameOf(pod), namespaceOf(pod));
  const message = `delete Pod ${nameOf(pod)} in StatefulSet ${nameOf(set)} successful`;
  tell(machine, set, "Normal", "SuccessfulDelete", message);
}

const tell = (
  machine: Machine,
  set: StatefulSet,
  type: "Normal" | "Warning",
  reason: string,
  message: string,
): void => machine.event("statefulset-controller", asSubject("statefulsets", set), { type, reason, message });
