import type { Pod } from "kubernetes-types/core/v1";
import { listOf, namespaceOf, nameOf, uidOf } from "../../../lab/controllers/objects.ts";
import { timestamp } from "../../../lab/controllers/timestamp.ts";
import type { Machine, Stop } from "../../../lab/machine/machine.ts";

export interface PretendKubelet {
  /** From the first sight of a pod to Ready, milliseconds; Infinity: never. */
  readonly readyAfterMs: (pod: Pod) => number;
  /** From the request to delete to the end of the pod. */
  readonly endsAfterMs: (pod: Pod) => number;
  /** Puts pods on this node as they come; absent: a scheduler does. */
  readonly bindTo?: string;
}

/** Pods become Ready and end after given times, and nothing runs. */
export const startPretendKubelet =
  (kubelet: PretendKubelet) =>
  (machine: Machine): Stop => {
    const seen = new Map<string, number>();
    const dying = new Map<string, number>();
    let addresses = 1;
    const since = (times: Map<string, number>, pod: Pod): number => {
      const at = times.get(uidOf(pod)) ?? machine.nowMs();
      times.set(uidOf(pod), at);
      return machine.nowMs() - at;
    };
    const look = (pod: Pod): void => {
      if (pod.spec?.nodeName === undefined) {
        if (kubelet.bindTo !== undefined) bind(machine, pod, kubelet.bindTo);
        return;
      }
      if (pod.metadata?.deletionTimestamp !== undefined) {
        if (since(dying, pod) >= kubelet.endsAfterMs(pod))
          machine.writes.remove("pods", nameOf(pod), namespaceOf(pod), { gracePeriodSeconds: 0 });
        return;
      }
      const isReady = since(seen, pod) >= kubelet.readyAfterMs(pod);
      const before = pod.status?.conditions?.find(({ type }) => type === "Ready")?.status;
      if (before === (isReady ? "True" : "False")) return;
      const ready = {
        type: "Ready",
        status: isReady ? "True" : "False",
        lastTransitionTime: timestamp(machine.nowMs()),
      };
      const podIP = pod.status?.podIP ?? `10.42.0.${addresses++}`;
      machine.writes.updateStatus("pods", nameOf(pod), namespaceOf(pod), (status) => ({
        ...status,
        phase: "Running",
        podIP,
        podIPs: [{ ip: podIP }],
        conditions: [ready],
      }));
    };
    const timer = setInterval(() => listOf(machine.store, "pods").forEach(look), 50);
    return () => {
      clearInterval(timer);
      return Promise.resolve();
    };
  };

const bind = (machine: Machine, pod: Pod, nodeName: string): void =>
  void machine.writes.patch(
    "pods",
    nameOf(pod),
    namespaceOf(pod),
    { type: "merge", body: { spec: { nodeName } } },
    { subresource: "binding" },
  );
