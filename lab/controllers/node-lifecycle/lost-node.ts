import type { Node, Pod } from "kubernetes-types/core/v1";
import type { Machine } from "../../machine/machine.ts";
import { withCondition } from "../conditions.ts";
import { asSubject, listOf, nameOf, namespaceOf } from "../objects.ts";
import { isReady } from "../pod-state.ts";
import { timestamp } from "../timestamp.ts";
import { readyOf } from "./heartbeat.ts";

type Conditions = NonNullable<NonNullable<Node["status"]>["conditions"]>;

const component = "node-controller";
const reported = ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"];

/** Nothing is known of a node that went silent: what its kubelet reported becomes Unknown (kubernetes node_lifecycle_controller.go tryUpdateNodeHealth). */
export function markUnknown(machine: Machine, node: Node): void {
  const nowMs = machine.nowMs();
  const wasReady = readyOf(node)?.status === "True";
  machine.writes.updateStatus("nodes", nameOf(node), undefined, (status) => ({
    ...status,
    conditions: unknownConditions((status["conditions"] ?? []) as Conditions, node, nowMs),
  }));
  if (!wasReady) return;
  const message = `Node ${nameOf(node)} status is now: NodeNotReady`;
  machine.event(component, asSubject("nodes", node), { type: "Normal", reason: "NodeNotReady", message });
  markPodsNotReady(machine, node);
}

function unknownConditions(before: Conditions, node: Node, nowMs: number): Conditions {
  const conditions = before.map((condition) =>
    !reported.includes(condition.type) || condition.status === "Unknown"
      ? condition
      : {
          ...condition,
          status: "Unknown",
          reason: "NodeStatusUnknown",
          message: "Kubelet stopped posting node status.",
          lastTransitionTime: timestamp(nowMs),
        },
  );
  const created = node.metadata?.creationTimestamp ?? timestamp(nowMs);
  const missing = reported
    .filter((type) => !before.some((condition) => condition.type === type))
    .map((type) => ({
      type,
      status: "Unknown",
      reason: "NodeStatusNeverUpdated",
      message: "Kubelet never posted node status.",
      lastHeartbeatTime: created,
      lastTransitionTime: timestamp(nowMs),
    }));
  return [...conditions, ...missing];
}

/** kubernetes pkg/controller/util/node/controller_utils.go MarkPodsNotReady. */
function markPodsNotReady(machine: Machine, node: Node): void {
  const own = listOf(machine.store, "pods").filter((pod) => pod.spec?.nodeName === nameOf(node));
  for (const pod of own.filter(isReady)) {
    machine.writes.updateStatus("pods", nameOf(pod), namespaceOf(pod), (status) => ({
      ...status,
      conditions: withCondition(
        (status["conditions"] ?? []) as NonNullable<NonNullable<Pod["status"]>["conditions"]>,
        { type: "Ready", status: "False" },
        machine.nowMs(),
      ),
    }));
    const event = { type: "Warning", reason: "NodeNotReady", message: "Node is not ready" } as const;
    machine.event(component, asSubject("pods", pod), event);
  }
}
