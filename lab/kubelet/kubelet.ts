import type { Pod } from "kubernetes-types/core/v1";
import type { Change } from "../api-server/change-history.ts";
import type { Machine, Stop } from "../machine/machine.ts";
import { startEvictions } from "./evictions.ts";
import { startHeartbeats } from "./heartbeats.ts";
import { openNodeOutages } from "./node-outages.ts";
import { openNodePlaces } from "./node-places.ts";
import type { ContainerLogs } from "./container-logs.ts";
import { type ContainerReading, readingOf } from "./reading.ts";
import { repeat } from "./repeat.ts";
import { runPod, type RunningPod } from "./run-pod.ts";
import { kubeletSettingsOf } from "./settings.ts";
import type { PodUsage } from "../api-server/metrics/usage.ts";

/** The kubelets of all nodes of the lab. */
export interface Kubelet {
  /** What pods use, as of the newest sample. */
  usage(): readonly PodUsage[];
  /** What the containers that run have used since they started, measured now. */
  readings(): readonly ContainerReading[];
  /** Kills what runs; resolves when no process of a pod is left. */
  readonly stop: Stop;
}

/** Of a pod whose object is gone (kubelet_pods.go: at least one second). */
const goneGraceMs = 1000;

export function startKubelet(machine: Machine, { logs }: { readonly logs: ContainerLogs }): Kubelet {
  const { store } = machine;
  const settings = kubeletSettingsOf(machine);
  const placeOf = openNodePlaces(store);
  const outages = machine.nodeOutages ?? openNodeOutages();
  const running = new Map<string, RunningPod>();
  let isStopped = false;

  const latest = (key: string): Pod | undefined => {
    const [namespace = "", name = ""] = key.split("/");
    return store.get("pods", name, namespace)?.object as Pod | undefined;
  };

  const look = (key: string, pod: Pod | undefined): void => {
    const known = running.get(key);
    const node = known?.node ?? pod?.spec?.nodeName ?? "";
    if (isStopped || node === "" || outages.isOut(node)) return;
    if (known !== undefined) {
      if (pod?.metadata?.uid === known.uid) known.update(pod);
      else void known.abandon(goneGraceMs);
      return;
    }
    const place = placeOf(node);
    const phase = pod?.status?.phase;
    if (pod === undefined || place === undefined || phase === "Succeeded" || phase === "Failed") return;
    if (settings.isForeign(pod)) return;
    const started = runPod(machine, logs, place, pod, () => outages.isOut(node));
    running.set(key, started);
    if (pod.metadata?.deletionTimestamp !== undefined) started.update(pod);
    void started.over.then(() => {
      running.delete(key);
      // A pod of the same name may have come meanwhile.
      look(key, latest(key));
    });
  };
  const podsOf = (node: string): RunningPod[] => [...running.values()].filter((pod) => pod.node === node);
  const lookAtAll = (): void => {
    for (const { key, object } of store.list("pods")) look(key, object as Pod);
    for (const key of running.keys()) if (latest(key) === undefined) look(key, undefined);
  };

  const heartbeats = startHeartbeats(machine, {
    isSilent: outages.isOut,
    hostIpOf: (node) => placeOf(node)?.hostIp ?? "",
  });
  const unsubscribe = store.subscribe(({ type, resource, object }: Change) => {
    if (resource === "nodes" && type === "ADDED") queueMicrotask(() => heartbeats.beat(object.name));
    if (resource === "nodes" && type === "ADDED") queueMicrotask(lookAtAll);
    // Listeners are called inside the write: what follows of it must not happen there.
    if (resource === "pods") queueMicrotask(() => look(object.key, latest(object.key)));
  });
  outages.onEnd((node) => {
    if (isStopped) return;
    heartbeats.beat(node);
    lookAtAll();
    for (const pod of podsOf(node)) pod.report();
  });
  lookAtAll();
  const sample = (): void => {
    for (const pod of running.values()) pod.usage.sample(machine.nowMs());
  };
  const stopEvictions = startEvictions(machine, podsOf, heartbeats.beat);
  const stopSampling = repeat(() => settings.usageMs, sample);

  return {
    readings: () =>
      [...running].flatMap(([key, { records, node, uid }]) => {
        const [namespace = "", pod = ""] = key.split("/");
        return records.flatMap((record) =>
          readingOf(record).map((r) => ({ ...r, namespace, pod, uid, node })),
        );
      }),
    usage: () =>
      [...running].flatMap(([key, { usage, node }]) => {
        const [namespace = "", pod = ""] = key.split("/");
        const { atMs, windowMs, of } = usage.containers();
        return of.length === 0 ? [] : [{ namespace, pod, node, atMs, windowMs, containers: of }];
      }),
    stop: async () => {
      isStopped = true;
      unsubscribe();
      heartbeats.stop();
      stopSampling();
      stopEvictions();
      await Promise.all([...running.values()].map((pod) => pod.abandon(-Infinity)));
    },
  };
}
