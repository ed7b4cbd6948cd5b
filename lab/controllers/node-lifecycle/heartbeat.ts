import type { Node } from "kubernetes-types/core/v1";
import type { Store } from "../../api-server/store.ts";
import { conditionOf } from "../conditions.ts";
import { nameOf } from "../objects.ts";
import { momentOf } from "../timestamp.ts";

/** When each node was last heard of, on this clock: the kubelet's own may be wrong. */
export interface Heartbeats {
  /** Milliseconds since the epoch of the last sign of life. */
  lastMs(node: Node): number;
  forget(node: string): void;
}

/** A sign of life is a new heartbeat in the Ready condition or a renewed lease (kubernetes pkg/controller/nodelifecycle/node_lifecycle_controller.go tryUpdateNodeHealth). */
export function openHeartbeats(store: Store, nowMs: () => number): Heartbeats {
  const seen = new Map<string, { readonly sign: string; readonly atMs: number }>();
  return {
    lastMs: (node) => {
      const sign = signOf(store, node);
      const before = seen.get(nameOf(node));
      if (before?.sign === sign) return before.atMs;
      const created = momentOf(node.metadata?.creationTimestamp);
      const isSilent = before === undefined && readyOf(node) === undefined && created !== undefined;
      const atMs = isSilent ? created : nowMs();
      seen.set(nameOf(node), { sign, atMs });
      return atMs;
    },
    forget: (node) => void seen.delete(node),
  };
}

export const readyOf = (node: Node) => conditionOf(node.status?.conditions, "Ready");

function signOf(store: Store, node: Node): string {
  const lease = store.get("leases", nameOf(node), "kube-node-lease")?.object["spec"] as
    | { readonly renewTime?: string }
    | undefined;
  return JSON.stringify([readyOf(node)?.lastHeartbeatTime, lease?.renewTime]);
}
