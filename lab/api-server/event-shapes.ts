import type { KubeObject } from "./stored-object.ts";

/**
 * Field names of an Event in core/v1 and events.k8s.io/v1
 * (kubernetes/kubernetes pkg/apis/events/v1/conversion.go).
 */
const pairs = [
  ["involvedObject", "regarding"],
  ["message", "note"],
  ["source", "deprecatedSource"],
  ["firstTimestamp", "deprecatedFirstTimestamp"],
  ["lastTimestamp", "deprecatedLastTimestamp"],
  ["count", "deprecatedCount"],
  ["reportingComponent", "reportingController"],
] as const;

const renamed = (event: KubeObject, names: ReadonlyMap<string, string>): KubeObject => {
  const out: KubeObject = {};
  for (const [field, value] of Object.entries(event)) {
    const name = names.get(field) ?? field;
    if (value !== undefined && out[name] === undefined) out[name] = value;
  }
  return out;
};

const toNew = new Map<string, string>(pairs);
const toOld = new Map<string, string>(pairs.map(([core, events]) => [events, core]));

export const toCoreEvent = (event: KubeObject): KubeObject => renamed(event, toOld);
export const toEventsV1 = (event: KubeObject): KubeObject => renamed(event, toNew);
