import type { Machine, Stop } from "../machine/machine.ts";
import { startControlLoop } from "./control-loop.ts";
import { keysOfAll, nameOf, namespaceOf, objectOf, splitKey } from "./objects.ts";

/** A node that is gone may come back under its name (kubernetes pkg/controller/podgc/gc_controller.go quarantineTime). */
const quarantineMs = 40_000;

/** Takes away pods whose node is no more (kubernetes pkg/controller/podgc/gc_controller.go gcOrphaned). */
export function startPodGarbage(machine: Machine): Stop {
  const { store } = machine;
  const orphanedAtMs = new Map<string, number>();
  return startControlLoop(machine, {
    name: "pod-garbage-collector",
    keysOf: ({ resource, object, type }) => {
      if (resource === "pods") return [object.key];
      return resource === "nodes" && type !== "MODIFIED" ? keysOfAll(store, "pods") : [];
    },
    allKeys: () => keysOfAll(store, "pods"),
    sync: (key) => {
      const { namespace, name } = splitKey(key);
      const pod = objectOf(store, "pods", name, namespace);
      const node = pod?.spec?.nodeName ?? "";
      if (pod === undefined || node === "" || store.get("nodes", node) !== undefined)
        return void orphanedAtMs.delete(key);
      const sinceMs = orphanedAtMs.get(key) ?? machine.nowMs();
      orphanedAtMs.set(key, sinceMs);
      const leftMs = sinceMs + quarantineMs - machine.nowMs();
      if (leftMs > 0) return leftMs;
      machine.writes.remove("pods", nameOf(pod), namespaceOf(pod), { gracePeriodSeconds: 0 });
      return undefined;
    },
  });
}
