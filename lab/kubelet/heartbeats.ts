import type { Node } from "kubernetes-types/core/v1";
import type { Machine } from "../machine/machine.ts";
import { repeat } from "./repeat.ts";
import { kubeTime } from "./kube-time.ts";
import { kubeletSettingsOf } from "./settings.ts";
import { nodeStatus } from "./status/node-status.ts";

export interface HeartbeatOptions {
  isSilent(node: string): boolean;
  hostIpOf(node: string): string;
}

/** Reports every node's status and renews its Lease, as its kubelet does; a silent one is forgotten by its controller. */
export function startHeartbeats(
  machine: Machine,
  options: HeartbeatOptions,
): { readonly beat: (node: string) => void; readonly stop: () => void } {
  const settings = kubeletSettingsOf(machine);
  const beat = (name: string): void => {
    if (options.isSilent(name)) return;
    const node = machine.store.get("nodes", name)?.object as Node | undefined;
    if (node === undefined) return;
    const now = kubeTime(machine.nowMs());
    const wasReady = node.status?.conditions?.some((c) => c.type === "Ready" && c.status === "True") === true;
    machine.writes.updateStatus("nodes", name, undefined, (status) => ({
      ...nodeStatus({ ...node, status }, options.hostIpOf(name), now, settings.pressureOf(name)),
    }));
    if (!wasReady) {
      const message = `Node ${name} status is now: NodeReady`;
      const about = { ...machine.store.get("nodes", name)?.object, kind: "Node" };
      machine.event("kubelet", about, { type: "Normal", reason: "NodeReady", message });
    }
    renewLease(machine, name);
  };
  const beatAll = (): void => {
    for (const { name } of machine.store.list("nodes")) beat(name);
  };
  beatAll();
  const stop = repeat(() => settings.heartbeatMs, beatAll);
  return { beat, stop };
}

const leaseNamespace = "kube-node-lease";

function renewLease(machine: Machine, node: string): void {
  if (machine.store.get("namespaces", leaseNamespace) === undefined) return;
  const renewTime = `${new Date(machine.nowMs()).toISOString().slice(0, -1)}000Z`;
  const spec = { holderIdentity: node, leaseDurationSeconds: 40, renewTime };
  const known = machine.store.get("leases", node, leaseNamespace)?.object;
  if (known !== undefined) machine.writes.update("leases", { ...known, spec });
  else machine.writes.create("leases", { metadata: { name: node, namespace: leaseNamespace }, spec });
}
