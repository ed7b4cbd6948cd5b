import type { Pod, Taint } from "kubernetes-types/core/v1";
import { isTolerated } from "../tolerations.ts";
import { matchesNode } from "./node-affinity.ts";
import { isTooLarge, type NodeRoom, shortages } from "./node-room.ts";
import { isRepelled, isSkewed } from "./spreading.ts";

/** Why a node is not taken. */
export interface Refusal {
  readonly reasons: readonly string[];
  /** Whether the room of other pods would help. */
  readonly isMovable: boolean;
}

const unschedulable: Taint = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" };

/**
 * The first plugin that refuses a node gives the reason, in the order of the default profile: NodeUnschedulable,
 * TaintToleration, NodeAffinity, NodeResourcesFit, PodTopologySpread, InterPodAffinity (kubernetes
 * pkg/scheduler/apis/config/v1/default_plugins.go). Undefined: the pod fits.
 */
export function refusalOf(pod: Pod, room: NodeRoom, rooms: readonly NodeRoom[]): Refusal | undefined {
  const { node } = room;
  const tolerations = pod.spec?.tolerations;
  if (node.spec?.unschedulable === true && !isTolerated(unschedulable, tolerations))
    return never("node(s) were unschedulable");
  const taint = (node.spec?.taints ?? []).find(
    (candidate) => candidate.effect !== "PreferNoSchedule" && !isTolerated(candidate, tolerations),
  );
  if (taint !== undefined) return never(`node(s) had untolerated taint {${taint.key}: ${taint.value ?? ""}}`);
  if (!matchesNode(pod, node)) return never("node(s) didn't match Pod's node affinity/selector");
  const reasons = shortages(room, pod);
  if (reasons.length > 0) return { reasons, isMovable: !isTooLarge(room, pod) };
  if (isSkewed(pod, room, rooms)) return movable("node(s) didn't match pod topology spread constraints");
  if (isRepelled(pod, room, rooms)) return movable("node(s) didn't match pod anti-affinity rules");
  return undefined;
}

const never = (reason: string): Refusal => ({ reasons: [reason], isMovable: false });
const movable = (reason: string): Refusal => ({ reasons: [reason], isMovable: true });

/** "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were unschedulable. preemption: …" (kubernetes pkg/scheduler/framework/types.go FitError). */
export function failureMessage(refusals: readonly Refusal[]): string {
  const nodes = refusals.length;
  if (nodes === 0) return "no nodes available to schedule pods";
  const movable = refusals.filter(({ isMovable }) => isMovable).length;
  const help = [
    [movable, "No preemption victims found for incoming pod"],
    [nodes - movable, "Preemption is not helpful for scheduling"],
  ] as const;
  const available = `0/${nodes} nodes are available:`;
  return (
    `${available} ${counted(tally(refusals.flatMap(({ reasons }) => reasons)))}. ` +
    `preemption: ${available} ${counted(help.filter(([count]) => count > 0))}.`
  );
}

function tally(reasons: readonly string[]): [number, string][] {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => [count, reason]);
}

const counted = (counts: readonly (readonly [number, string])[]): string =>
  counts
    .map(([count, reason]) => `${count} ${reason}`)
    .sort()
    .join(", ");
