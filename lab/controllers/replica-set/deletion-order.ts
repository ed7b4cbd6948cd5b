import type { Pod } from "kubernetes-types/core/v1";
import { uidOf } from "../objects.ts";
import { isActive, isReady, readySinceMs } from "../pod-state.ts";
import { momentOf } from "../timestamp.ts";

const phaseOrder: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };
const deletionCost = "controller.kubernetes.io/pod-deletion-cost";

/**
 * The pods a ReplicaSet gives up first, in order: unassigned, pending, not ready, cheap, crowded on their node,
 * ready for a short time, often restarted, young (kubernetes pkg/controller/controller_utils.go ActivePodsWithRanks).
 * @param related pods of every ReplicaSet of the same owner: how crowded a node is
 */
export function inDeletionOrder(pods: readonly Pod[], related: readonly Pod[], nowMs: number): Pod[] {
  const onNode = new Map<string, number>();
  for (const pod of related) {
    const node = pod.spec?.nodeName ?? "";
    if (isActive(pod)) onNode.set(node, (onNode.get(node) ?? 0) + 1);
  }
  const crowd = (pod: Pod): number => onNode.get(pod.spec?.nodeName ?? "") ?? 0;
  return [...pods].sort(
    (a, b) =>
      assigned(a) - assigned(b) ||
      phase(a) - phase(b) ||
      Number(isReady(a)) - Number(isReady(b)) ||
      cost(a) - cost(b) ||
      crowd(b) - crowd(a) ||
      (isReady(a) ? byAgeOf(a, b, readySinceMs, nowMs) : 0) ||
      restarts(b) - restarts(a) ||
      byAgeOf(a, b, createdMs, nowMs),
  );
}

const assigned = (pod: Pod): number => Number((pod.spec?.nodeName ?? "") !== "");
const phase = (pod: Pod): number => phaseOrder[pod.status?.phase ?? ""] ?? 0;
const cost = (pod: Pod): number => Number(pod.metadata?.annotations?.[deletionCost] ?? 0) || 0;
const createdMs = (pod: Pod): number | undefined => momentOf(pod.metadata?.creationTimestamp);
const restarts = (pod: Pod): number =>
  Math.max(0, ...(pod.status?.containerStatuses ?? []).map(({ restartCount }) => restartCount));

/** Younger first; ages of the same power of two count as equal, and the uid, which is random, decides. */
function byAgeOf(a: Pod, b: Pod, momentOf: (pod: Pod) => number | undefined, nowMs: number): number {
  const [first, second] = [momentOf(a), momentOf(b)];
  if (first === second) return 0;
  if (first === undefined || second === undefined) return first === undefined ? -1 : 1;
  return magnitude(nowMs - first) - magnitude(nowMs - second) || (uidOf(a) < uidOf(b) ? -1 : 1);
}

const magnitude = (ageMs: number): number => (ageMs > 0 ? Math.floor(Math.log2(ageMs * 1e6)) : -1);
