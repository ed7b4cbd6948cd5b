import type { Pod } from "kubernetes-types/core/v1";
import type { Machine, Stop } from "../../machine/machine.ts";
import { withCondition } from "../conditions.ts";
import { startControlLoop } from "../control-loop.ts";
import { asSubject, byAge, isBeingDeleted, listOf, nameOf, namespaceOf, uidOf } from "../objects.ts";
import { isFinished } from "../pod-state.ts";
import { failureMessage, refusalOf } from "./filter-nodes.ts";
import { type NodeRoom, place, roomsOf } from "./node-room.ts";
import { bestOf } from "./spreading.ts";

const component = "default-scheduler";
/** A pod that does not fit is told of again after this time (kubernetes pkg/scheduler/backend/queue DefaultPodMaxInUnschedulablePodsDuration). */
const repeatMs = 300_000;

/** Binds pending pods to nodes that have room for them (kubernetes pkg/scheduler/schedule_one.go). */
export function startScheduler(machine: Machine): Stop {
  const told = new Map<string, { readonly message: string; readonly atMs: number }>();
  const everything = ["pending pods"];
  return startControlLoop(machine, {
    name: component,
    keysOf: ({ resource }) => (resource === "pods" || resource === "nodes" ? everything : []),
    allKeys: () => everything,
    sync: () => schedulePending(machine, told),
  });
}

type Told = Map<string, { readonly message: string; readonly atMs: number }>;

function schedulePending(machine: Machine, told: Told): void {
  const pods = listOf(machine.store, "pods");
  const pending = pods.filter(isPending).sort(byPriority);
  const uids = new Set(pending.map(uidOf));
  for (const uid of told.keys()) if (!uids.has(uid)) told.delete(uid);
  if (pending.length === 0) return;
  const rooms = roomsOf(listOf(machine.store, "nodes"), pods);
  for (const pod of pending) schedule(machine, pod, rooms, told);
}

const isPending = (pod: Pod): boolean =>
  (pod.spec?.nodeName ?? "") === "" &&
  (pod.spec?.schedulerName ?? component) === component &&
  ((pod.spec as { schedulingGates?: unknown[] } | undefined)?.schedulingGates ?? []).length === 0 &&
  !isBeingDeleted(pod) &&
  !isFinished(pod);

const byPriority = (a: Pod, b: Pod): number =>
  (b.spec?.priority ?? 0) - (a.spec?.priority ?? 0) || byAge(a, b);

function schedule(machine: Machine, pod: Pod, rooms: readonly NodeRoom[], told: Told): void {
  const refusals = rooms.map((room) => refusalOf(pod, room, rooms));
  const fitting = rooms.filter((_room, index) => refusals[index] === undefined);
  if (fitting.length > 0) return bind(machine, pod, bestOf(pod, fitting, rooms));
  const message = failureMessage(refusals.filter((refusal) => refusal !== undefined));
  const last = told.get(uidOf(pod));
  const nowMs = machine.nowMs();
  if (last?.message === message && nowMs - last.atMs < repeatMs) return undefined;
  told.set(uidOf(pod), { message, atMs: nowMs });
  setUnschedulable(machine, pod, message);
  tell(machine, pod, "Warning", "FailedScheduling", message);
}

function bind(machine: Machine, pod: Pod, room: NodeRoom): void {
  const nodeName = nameOf(room.node);
  const patch = { type: "merge", body: { spec: { nodeName } } } as const;
  machine.writes.patch("pods", nameOf(pod), namespaceOf(pod), patch, { subresource: "binding" });
  place(room, pod);
  const text = `Successfully assigned ${namespaceOf(pod)}/${nameOf(pod)} to ${nodeName}`;
  tell(machine, pod, "Normal", "Scheduled", text);
}

/** That it found no node. That it has one is said by the binding itself. */
function setUnschedulable(machine: Machine, pod: Pod, message: string): void {
  const condition = {
    type: "PodScheduled",
    status: "False",
    lastProbeTime: null,
    reason: "Unschedulable",
    message,
  };
  machine.writes.updateStatus("pods", nameOf(pod), namespaceOf(pod), (status) => ({
    ...status,
    conditions: withCondition(
      (status["conditions"] ?? []) as (typeof condition)[],
      condition,
      machine.nowMs(),
    ),
  }));
}

const tell = (
  machine: Machine,
  pod: Pod,
  type: "Normal" | "Warning",
  reason: string,
  message: string,
): void => machine.event(component, asSubject("pods", pod), { type, reason, message });
