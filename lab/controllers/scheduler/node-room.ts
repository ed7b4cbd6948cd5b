import type { Node, Pod } from "kubernetes-types/core/v1";
import { isFinished } from "../pod-state.ts";
import { addTo, type Amounts, amountsOf, podRequests } from "./requests.ts";

/** A node and what is on it. */
export interface NodeRoom {
  readonly node: Node;
  readonly pods: Pod[];
  readonly allocatable: Amounts;
  readonly requested: Map<string, number>;
}

/** Terminating pods take their room until they are gone. */
export function roomsOf(nodes: readonly Node[], pods: readonly Pod[]): NodeRoom[] {
  const rooms = nodes.map((node) => ({
    node,
    pods: [] as Pod[],
    allocatable: amountsOf(node.status?.allocatable ?? node.status?.capacity),
    requested: new Map<string, number>(),
  }));
  const byName = new Map(rooms.map((room) => [room.node.metadata?.name ?? "", room]));
  for (const pod of pods) {
    const room = byName.get(pod.spec?.nodeName ?? "");
    if (room !== undefined && !isFinished(pod)) place(room, pod);
  }
  return rooms;
}

export function place(room: NodeRoom, pod: Pod): void {
  room.pods.push(pod);
  addTo(room.requested, podRequests(pod));
}

/** A node without a limit has none to exceed. */
const defaultMaxPods = 110;

/** What a pod lacks there (kubernetes pkg/scheduler/framework/plugins/noderesources/fit.go fitsRequest). */
export function shortages(room: NodeRoom, pod: Pod): string[] {
  const reasons: string[] = [];
  if (room.pods.length + 1 > (room.allocatable.get("pods") ?? defaultMaxPods)) reasons.push("Too many pods");
  for (const [name, amount] of podRequests(pod)) {
    if (amount === 0) continue;
    const free = (room.allocatable.get(name) ?? 0) - (room.requested.get(name) ?? 0);
    if (amount > free) reasons.push(`Insufficient ${name}`);
  }
  return reasons;
}

/** Whether it asks for more than the whole node: nothing that could be moved away would help. */
export const isTooLarge = (room: NodeRoom, pod: Pod): boolean =>
  [...podRequests(pod)].some(([name, amount]) => amount > (room.allocatable.get(name) ?? 0));
