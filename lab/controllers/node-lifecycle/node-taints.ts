import type { Node, Taint } from "kubernetes-types/core/v1";
import { conditionOf } from "../conditions.ts";
import { timestamp } from "../timestamp.ts";
import { readyOf } from "./heartbeat.ts";

const notReady = "node.kubernetes.io/not-ready";
const unreachable = "node.kubernetes.io/unreachable";

/** Condition, its status, and the taint they make (kubernetes node_lifecycle_controller.go nodeConditionToTaintKeyStatusMap). */
const byCondition = [
  ["Ready", "False", notReady],
  ["Ready", "Unknown", unreachable],
  ["MemoryPressure", "True", "node.kubernetes.io/memory-pressure"],
  ["DiskPressure", "True", "node.kubernetes.io/disk-pressure"],
  ["NetworkUnavailable", "True", "node.kubernetes.io/network-unavailable"],
  ["PIDPressure", "True", "node.kubernetes.io/pid-pressure"],
] as const;
const cordoned = "node.kubernetes.io/unschedulable";

const own = new Set<string>([cordoned, ...byCondition.map(([, , key]) => key)]);
const isOwn = ({ key, effect }: Taint): boolean =>
  own.has(key) && (effect === "NoSchedule" || key === notReady || key === unreachable);

const has = (taints: readonly Taint[], { key, effect }: Taint): boolean =>
  taints.some((taint) => taint.key === key && taint.effect === effect);

/**
 * The taints a node should have: those of its conditions and of a cordon, and what others set. Undefined when it has them.
 * @param evicts whether pods may be driven from a node that is not ready: not while every node is
 */
export function taintsOf(node: Node, evicts: boolean, nowMs: number): Taint[] | undefined {
  const before = node.spec?.taints ?? [];
  const wanted: Taint[] = byCondition
    .filter(([type, status]) => conditionOf(node.status?.conditions, type)?.status === status)
    .map(([, , key]) => ({ key, effect: "NoSchedule" }));
  if (node.spec?.unschedulable === true) wanted.push({ key: cordoned, effect: "NoSchedule" });
  const ready = readyOf(node)?.status;
  if (evicts && ready === "False") wanted.push({ key: notReady, effect: "NoExecute" });
  if (evicts && ready === "Unknown") wanted.push({ key: unreachable, effect: "NoExecute" });

  const kept = before.filter((taint) => !isOwn(taint) || has(wanted, taint));
  const added = wanted
    .filter((taint) => !has(before, taint))
    .map((taint) => ({ ...taint, timeAdded: timestamp(nowMs) }));
  return added.length === 0 && kept.length === before.length ? undefined : [...kept, ...added];
}
