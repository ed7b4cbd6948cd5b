import type { Pod, PodStatus } from "kubernetes-types/core/v1";
import { join } from "node:path";
import type { EventText, Machine } from "../machine/machine.ts";
import { kubeTime } from "./kube-time.ts";
import type { ContainerRecord } from "./container/state.ts";
import { evictionMessage, type Pressure } from "./pressure.ts";
import type { NodePlace } from "./node-places.ts";
import type { ContainerLogs } from "./container-logs.ts";
import type { PodContext } from "./pod-context.ts";
import { unlessRefused } from "./refusal.ts";
import { startPodWorker } from "./pod-worker.ts";
import { kubeletSettingsOf } from "./settings.ts";
import { podStatus } from "./status/pod-status.ts";
import { openUsageMeter, type UsageMeter } from "./usage.ts";

/** One pod that the kubelet runs, and what it tells the API of it. */
export interface RunningPod {
  readonly uid: string;
  readonly node: string;
  readonly records: readonly ContainerRecord[];
  readonly usage: UsageMeter;
  /** The object has changed. */
  update(pod: Pod): void;
  /** The object is gone, or the lab ends: kills within the grace (-Infinity: at once), and writes nothing more. */
  abandon(graceMs: number): Promise<void>;
  /** Kills it at once; the object stays, as failed. */
  evict(pressure: Pressure): void;
  /** Writes the status anew: the node can reach the API again. */
  report(): void;
  /** When it is all over and the address is free. */
  readonly over: Promise<void>;
}

export function runPod(
  machine: Machine,
  logs: ContainerLogs,
  place: NodePlace,
  first: Pod,
  isSilent: () => boolean,
): RunningPod {
  const { name = "", namespace = "default", uid = "" } = first.metadata ?? {};
  const podIp = place.addresses.take();
  const startTime = first.status?.startTime ?? kubeTime(machine.nowMs());
  const abort = new AbortController();
  const over = Promise.withResolvers<void>();
  let pod = first;
  let isAbandoned = false;
  let hasEnded = false;
  let isDue = false;
  let isDeleting = false;
  let evictedFor: string | undefined;

  const report = (): void => {
    if (isAbandoned || isSilent()) return;
    const { hostIp } = place;
    const { records, hasNetwork } = worker;
    const state = { pod, records, podIp, hostIp, startTime, hasNetwork: hasNetwork(), hasEnded, evictedFor };
    const change = (before: PodStatus): Record<string, unknown> => ({
      // States are changed in place; what is stored stays as it was.
      ...structuredClone(podStatus(state, before, kubeTime(machine.nowMs()))),
    });
    unlessRefused(() => void machine.writes.updateStatus("pods", name, namespace, change));
  };
  const context: PodContext = {
    machine,
    logs,
    settings: kubeletSettingsOf(machine),
    pod: () => pod,
    key: `${namespace}/${name}`,
    podIp,
    hostIp: place.hostIp,
    folder: join(machine.folder, "pods", `${namespace}_${name}_${uid}`, "volumes"),
    ending: abort.signal,
    event: (event: EventText): void => {
      if (isSilent() || isAbandoned) return;
      unlessRefused(() => machine.event("kubelet", { ...pod, kind: "Pod" } as never, event));
    },
    // What happens in one turn is told at once.
    changed: () => {
      if (isDue) return;
      isDue = true;
      setImmediate(() => {
        isDue = false;
        report();
      });
    },
  };
  const worker = startPodWorker(context, abort);

  const end = async (graceMs: number): Promise<void> => {
    await worker.end(graceMs);
    hasEnded = true;
    if (isDeleting && !isAbandoned) {
      report();
      isAbandoned = true;
      const atOnce = { gracePeriodSeconds: 0, preconditions: { uid } };
      if (!isSilent()) unlessRefused(() => void machine.writes.remove("pods", name, namespace, atOnce));
    }
    if (evictedFor !== undefined) report();
    place.addresses.giveBack(podIp);
    over.resolve();
  };
  let ending: Promise<void> | undefined;
  const endWithin = (graceMs: number): Promise<void> => {
    if (ending !== undefined) void worker.end(graceMs);
    ending ??= end(graceMs);
    return ending;
  };

  return {
    uid,
    node: first.spec?.nodeName ?? "",
    records: worker.records,
    usage: openUsageMeter(worker.records),
    report,
    over: over.promise,
    update: (next) => {
      pod = next;
      context.changed();
      const { deletionTimestamp, deletionGracePeriodSeconds: seconds = 30 } = next.metadata ?? {};
      if (deletionTimestamp === undefined) return;
      isDeleting = true;
      void endWithin(seconds * 1000);
    },
    evict: (pressure) => {
      if (ending !== undefined) return;
      evictedFor = evictionMessage(pressure, worker.records);
      context.event({ type: "Warning", reason: "Evicted", message: evictedFor });
      void endWithin(-Infinity);
    },
    abandon: (graceMs) => {
      isAbandoned = true;
      return endWithin(graceMs);
    },
  };
}
