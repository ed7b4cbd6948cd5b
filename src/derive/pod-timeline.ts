import type { Pod } from "kubernetes-types/core/v1";
import { nameOf, namespaceOf } from "../evidence/evidence.ts";
import { refText } from "../evidence/object-ref.ts";
import { compareText, items, maybe, timeMs } from "./shape.ts";
import type { ContainerView, EventView, Moment, MomentKind } from "./views.ts";

/** What happened to a pod, by its own status and by events about it, oldest first. */
export function podTimeline(
  pod: Pod,
  containers: readonly ContainerView[],
  events: readonly EventView[],
  deletedMs: number | undefined,
): Moment[] {
  const source = `Pod ${namespaceOf(pod)}/${nameOf(pod)}`;
  const fromStatus = [
    ...at(
      timeMs(pod.metadata?.creationTimestamp),
      "created",
      "created",
      `${source} .metadata.creationTimestamp`,
    ),
    ...items(pod.status?.conditions).flatMap((condition) => {
      const kind = conditionKind(condition.type, condition.status);
      const text = [condition.type, condition.status, condition.reason, condition.message].filter(Boolean);
      const where = `${source} .status.conditions[${condition.type}]`;
      return kind === undefined ? [] : at(timeMs(condition.lastTransitionTime), kind, text.join(" "), where);
    }),
    ...containers.flatMap((container) => containerMoments(container, source)),
    ...at(deletedMs, "delete-called", "delete was called", `${source} .metadata.deletionTimestamp`),
  ];
  return sortMoments([...fromStatus, ...eventMoments(events).filter((m) => !isRepeated(m, fromStatus))]);
}

function conditionKind(type: string, status: string): MomentKind | undefined {
  if (type === "Ready") return status === "True" ? "ready" : "unready";
  if (status !== "True") return undefined;
  if (type === "PodScheduled") return "scheduled";
  return type === "DisruptionTarget" ? "evicted" : undefined;
}

function containerMoments(container: ContainerView, source: string): Moment[] {
  const where = `${source} .status.containerStatuses[${container.name}]`;
  const moment = (atMs: number | undefined, kind: MomentKind, text: string): Moment[] =>
    at(atMs, kind, text, where, container.name);
  const started = container.restarts > 0 ? "restarted" : "started";
  return [
    ...moment(container.startedMs, started, `container ${container.name} ${started}`),
    ...container.terminations.flatMap((t) => [
      ...moment(t.startedMs, "started", `container ${container.name} started`),
      ...moment(
        t.finishedMs,
        "terminated",
        `container ${container.name} terminated: ${t.reason || "no reason"}, exit code ${t.exitCode}`,
      ),
    ]),
  ];
}

const eventKinds: Readonly<Record<string, MomentKind>> = {
  Scheduled: "scheduled",
  Started: "started",
  Unhealthy: "probe-failed",
  Killing: "killing",
  BackOff: "back-off",
  Evicted: "evicted",
  Preempted: "evicted",
  TaintManagerEviction: "evicted",
  NodeNotReady: "node-lost",
};

/** An event seen several times gives its first and its last moment. */
export function eventMoments(events: readonly EventView[]): Moment[] {
  return events.flatMap((event) => {
    const kind = Object.hasOwn(eventKinds, event.reason) ? eventKinds[event.reason] : undefined;
    if (kind === undefined || event.message.startsWith("Cancelling deletion")) return [];
    const times = event.lastMs > event.firstMs ? [event.firstMs, event.lastMs] : [event.firstMs];
    const text = event.message === "" ? event.reason : `${event.reason}: ${event.message}`;
    return times.flatMap((ms) => at(ms, kind, text, refText(event.ref), event.container));
  });
}

/** Events tell again what the status says: a start within the same second. */
function isRepeated(moment: Moment, known: readonly Moment[]): boolean {
  const same = (k: Moment): boolean =>
    k.kind === moment.kind || (moment.kind === "started" && k.kind === "restarted");
  return (
    (moment.kind === "started" || moment.kind === "scheduled") &&
    known.some((k) => same(k) && k.container === moment.container && Math.abs(k.atMs - moment.atMs) <= 1000)
  );
}

export function sortMoments(moments: readonly Moment[]): Moment[] {
  return moments.toSorted(
    (a, b) =>
      a.atMs - b.atMs ||
      compareText(a.kind, b.kind) ||
      compareText(`${a.container ?? ""} ${a.text} ${a.source}`, `${b.container ?? ""} ${b.text} ${b.source}`),
  );
}

function at(
  atMs: number | undefined,
  kind: MomentKind,
  text: string,
  source: string,
  container?: string,
): Moment[] {
  return atMs === undefined ? [] : [{ atMs, kind, ...maybe("container", container), text, source }];
}
