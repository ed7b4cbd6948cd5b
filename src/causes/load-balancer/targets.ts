import type { Gateway, NodeView, PodView } from "../../derive/views.ts";
import { type ObjectRef, ref } from "../../evidence/object-ref.ts";
import type { Observed } from "../../evidence/observed.ts";
import { ipOf } from "../requests.ts";

/** What the address of a target is in the cluster. */
export interface Target {
  readonly object: ObjectRef;
  /** Pod condition Ready, or that of the node whose node port is the target; undefined when not known. */
  readonly ready: boolean | undefined;
  /** When the target's pod was told to stop. */
  readonly stoppedMs?: number;
  readonly pod?: PodView;
}

export interface Cluster {
  readonly pods: Observed<readonly PodView[]>;
  readonly gateway: Observed<Gateway>;
  readonly nodes: Observed<readonly NodeView[]>;
}

/** The pod of the route or of the gateway that has the address; undefined when none that was read has it. */
export function targetAt(address: string, { pods, gateway, nodes }: Cluster): Target | undefined {
  const ip = ipOf(address);
  const known = [
    ...(pods.state === "present" ? pods.value : []),
    ...(gateway.state === "present" ? gateway.value.pods : []),
  ];
  const pod =
    known.find((p) => p.ips.includes(ip) && !p.hostNetwork) ?? known.find((p) => p.ips.includes(ip));
  if (pod === undefined) return undefined;
  const node = nodes.state === "present" ? nodes.value.find((n) => n.name === pod.node) : undefined;
  return {
    object: pod.ref,
    ready: pod.ready && (node === undefined || node.ready === "True"),
    ...(pod.deletedMs === undefined ? {} : { stoppedMs: pod.deletedMs }),
    pod,
  };
}

/** The node of a target that is not ready, when that is known. */
export function silentNode(
  target: Target | undefined,
  nodes: Observed<readonly NodeView[]>,
): ObjectRef | undefined {
  const node = nodes.state === "present" ? nodes.value.find((n) => n.name === target?.pod?.node) : undefined;
  return node === undefined || node.ready === "True" ? undefined : ref("Node", node.name);
}
