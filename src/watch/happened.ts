import type { Pod } from "kubernetes-types/core/v1";
import { isObject } from "../base/json-value.ts";
import { rolloutProgress } from "../derive/rolled-out.ts";
import { items, texts } from "../derive/shape.ts";
import type { Change } from "../evidence/change-record.ts";
import { nameOf } from "../evidence/evidence.ts";
import type { KubeEvent } from "../evidence/kinds.ts";

/** Tells a change in a few words, against what was told before; undefined: nothing that a person would want to hear. */
export type Teller = (change: Change) => string | undefined;

export function changeTeller(): Teller {
  const before = new Map<string, Change["object"]>();
  const told = new Map<string, string>();
  return (change) => {
    const { type, resource, object } = change;
    const key = `${resource} ${nameOf(object)} ${object.metadata?.uid ?? ""}`;
    const last = before.get(key);
    if (type === "deleted") before.delete(key);
    else if (resource !== "events") before.set(key, object);
    if (type === "listed") return undefined;
    const text = textOf(change, last);
    // What a controller writes three times in a row is told once.
    if (text === undefined || told.get(key) === text) return undefined;
    told.set(key, text);
    return text;
  };
}

function textOf(
  { type, resource, object }: Change,
  before: Change["object"] | undefined,
): string | undefined {
  const name = nameOf(object);
  switch (resource) {
    case "pods":
      return podText(name, type, object as Pod, before as Pod | undefined);
    case "replicasets":
      return type === "added" ? `new revision: ReplicaSet ${name}` : undefined;
    case "deployments":
    case "statefulsets":
    case "daemonsets":
      return workloadText(name, object);
    case "horizontalpodautoscalers":
      return autoscalerText(name, object, before);
    case "events":
      return eventText(object as KubeEvent);
    default:
      return undefined;
  }
}

function podText(name: string, type: Change["type"], pod: Pod, before: Pod | undefined): string | undefined {
  if (type === "deleted") return `pod ${name} is gone`;
  if (before === undefined) return `pod ${name} created`;
  const isDeleted = pod.metadata?.deletionTimestamp !== undefined;
  if (isDeleted && before.metadata?.deletionTimestamp === undefined) return `pod ${name} deleted`;
  const parts = [...endings(pod, before), ...(isDeleted ? [] : turns(pod, before))];
  return parts.length === 0 ? undefined : `pod ${name} ${parts.join(", ")}`;
}

/** Containers that ended, wait for a reason, or were started again. */
function endings(pod: Pod, before: Pod): string[] {
  const known = new Map(items(before.status?.containerStatuses).map((c) => [c.name, c]));
  return items(pod.status?.containerStatuses).flatMap((container) => {
    const was = known.get(container.name);
    const ended = container.state?.terminated ?? container.lastState?.terminated;
    const endedBefore = was?.state?.terminated ?? was?.lastState?.terminated;
    const waiting = container.state?.waiting?.reason;
    return [
      ...(ended !== undefined && ended.finishedAt !== endedBefore?.finishedAt
        ? [`container ${container.name} ended: ${ended.reason ?? "no reason"} (${ended.exitCode})`]
        : []),
      ...(waiting !== undefined && waiting !== was?.state?.waiting?.reason && !usual.has(waiting)
        ? [waiting]
        : []),
      ...((was?.restartCount ?? 0) < container.restartCount ? [`restart ${container.restartCount}`] : []),
    ];
  });
}

/** Every container waits so before its first start. */
const usual = new Set(["ContainerCreating", "PodInitializing"]);

function turns(pod: Pod, before: Pod): string[] {
  const [now, was] = [isReady(pod), isReady(before)];
  return now === was ? [] : [now ? "ready" : "not ready"];
}

const isReady = (pod: Pod): boolean =>
  items(pod.status?.conditions).some((c) => c.type === "Ready" && c.status === "True");

function workloadText(name: string, object: unknown): string | undefined {
  if (!isObject(object)) return undefined;
  const { wanted, updated, available, isUnseen, isOver } = rolloutProgress(object);
  if (isUnseen) return `${name} was changed`;
  return isOver
    ? `${name} rolled out: ${updated} of ${wanted}`
    : `${name} rolling out: ${updated} of ${wanted} updated, ${available} available`;
}

function autoscalerText(name: string, object: unknown, before: unknown): string | undefined {
  const desired = desiredOf(object);
  const was = desiredOf(before);
  return desired === undefined || was === undefined || was === desired
    ? undefined
    : `${name} scales from ${was} to ${desired}`;
}

function desiredOf(object: unknown): number | undefined {
  const status = isObject(object) ? object["status"] : undefined;
  const desired = isObject(status) ? status["desiredReplicas"] : undefined;
  return typeof desired === "number" ? desired : undefined;
}

/** Normal events repeat what the objects show. */
function eventText(event: KubeEvent): string | undefined {
  if (event.type !== "Warning") return undefined;
  const about = event.involvedObject ?? event.regarding;
  const { kind = "", name = "" } = texts(about as Readonly<Record<string, unknown>> | undefined);
  return `${kind} ${name}: ${event.reason ?? ""}: ${event.message ?? event.note ?? ""}`.slice(0, 200);
}
