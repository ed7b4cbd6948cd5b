import type { Machine } from "../machine/machine.ts";
import { excessBytes, type Pressure } from "./pressure.ts";
import { unlessRefused } from "./refusal.ts";
import { repeat } from "./repeat.ts";
import type { RunningPod } from "./run-pod.ts";
import { kubeletSettingsOf } from "./settings.ts";

/**
 * While a node lacks memory or disk, its kubelet fails one pod at each look, first who uses most beyond its request
 * (kubernetes/kubernetes pkg/kubelet/eviction/eviction_manager.go).
 * @param report tells the API of the node's conditions
 */
export function startEvictions(
  machine: Machine,
  podsOf: (node: string) => readonly RunningPod[],
  report: (node: string) => void,
): () => void {
  const settings = kubeletSettingsOf(machine);
  const look = (): void => {
    for (const { name, object } of machine.store.list("nodes")) {
      const pressure = settings.pressureOf(name);
      if (pressure === undefined || machine.nodeOutages?.isOut(name) === true) continue;
      report(name);
      const about = { ...object, kind: "Node" };
      const message = `Attempting to reclaim ${pressure}`;
      unlessRefused(() =>
        machine.event("kubelet", about, { type: "Warning", reason: "EvictionThresholdMet", message }),
      );
      evictOne(podsOf(name), pressure);
    }
  };
  return repeat(() => settings.evictionMs, look);
}

function evictOne(pods: readonly RunningPod[], pressure: Pressure): void {
  const ranked = pods
    .filter((pod) => pod.records.some((record) => record.life !== undefined))
    .map((pod) => ({ pod, excess: excessBytes(pod.records) }))
    .sort((a, b) => b.excess - a.excess);
  ranked[0]?.pod.evict(pressure);
}
