import type { Node } from "kubernetes-types/core/v1";
import type { Machine, Stop } from "../../machine/machine.ts";
import { startControlLoop } from "../control-loop.ts";
import { asSubject, keysOfAll, listOf, nameOf, objectOf } from "../objects.ts";
import { type Heartbeats, openHeartbeats, readyOf } from "./heartbeat.ts";
import { markUnknown } from "./lost-node.ts";
import { taintsOf } from "./node-taints.ts";

export interface NodeSettings {
  /** Silence after which a node is Unknown (--node-monitor-grace-period). */
  readonly nodeMonitorGraceMs: number;
  /** Silence of a node that never spoke (--node-startup-grace-period). */
  readonly nodeStartupGraceMs: number;
  /** How often that is looked at (--node-monitor-period). */
  readonly nodeMonitorPeriodMs: number;
}

/** Notices nodes that went silent, and taints nodes by their state (kubernetes pkg/controller/nodelifecycle/node_lifecycle_controller.go). */
export function startNodeLifecycle(machine: Machine, settings: NodeSettings): Stop {
  const { store } = machine;
  const heartbeats = openHeartbeats(store, machine.nowMs);
  const known = new Set<string>();
  return startControlLoop(machine, {
    name: "node-controller",
    keysOf: ({ resource, object }) => (resource === "nodes" || resource === "leases" ? [object.name] : []),
    allKeys: () => keysOfAll(store, "nodes"),
    sync: (name) => {
      const node = objectOf(store, "nodes", name);
      if (node === undefined) {
        known.delete(name);
        heartbeats.forget(name);
        return undefined;
      }
      if (!known.has(name)) register(machine, node, known);
      syncNode(machine, node, heartbeats, settings);
      return settings.nodeMonitorPeriodMs;
    },
  });
}

function register(machine: Machine, node: Node, known: Set<string>): void {
  known.add(nameOf(node));
  const message = `Node ${nameOf(node)} event: Registered Node ${nameOf(node)} in Controller`;
  const event = { type: "Normal", reason: "RegisteredNode", message } as const;
  machine.event("node-controller", asSubject("nodes", node), event);
}

function syncNode(machine: Machine, seen: Node, heartbeats: Heartbeats, settings: NodeSettings): void {
  const silentMs = machine.nowMs() - heartbeats.lastMs(seen);
  const isNew = readyOf(seen) === undefined;
  const graceMs = isNew ? settings.nodeStartupGraceMs : settings.nodeMonitorGraceMs;
  if (silentMs > graceMs && readyOf(seen)?.status !== "Unknown") markUnknown(machine, seen);

  const node = objectOf(machine.store, "nodes", nameOf(seen)) ?? seen;
  const taints = taintsOf(node, !isFullDisruption(machine), machine.nowMs());
  if (taints === undefined) return;
  const body = { spec: { taints: taints.length > 0 ? taints : null } };
  machine.writes.patch("nodes", nameOf(node), undefined, { type: "merge", body });
}

/** With no node ready at all, the fault is more likely here than there: nobody is driven out (kubernetes handleDisruption, stateFullDisruption). */
const isFullDisruption = ({ store }: Machine): boolean =>
  listOf(store, "nodes").every((node) => readyOf(node)?.status !== "True");
