import type { ServedResource } from "./served.ts";
import { badRequest } from "./status.ts";
import type { KubeObject } from "./stored-object.ts";

export type ObjectMatcher = (object: KubeObject) => boolean;

const always = ["metadata.name", "metadata.namespace"];

/** Fields a selector may name, per resource (kubernetes/kubernetes pkg/apis, AddFieldLabelConversionFunc). */
const selectable: Readonly<Record<string, readonly string[]>> = {
  pods: [
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.schedulerName",
    "spec.serviceAccountName",
    "spec.hostNetwork",
    "status.phase",
    "status.podIP",
    "status.nominatedNodeName",
  ],
  events: [
    "involvedObject.kind",
    "involvedObject.namespace",
    "involvedObject.name",
    "involvedObject.uid",
    "involvedObject.apiVersion",
    "involvedObject.resourceVersion",
    "involvedObject.fieldPath",
    "reason",
    "reportingComponent",
    "source",
    "type",
  ],
  jobs: ["status.successful"],
  namespaces: ["status.phase"],
  nodes: ["spec.unschedulable"],
  replicasets: ["status.replicas"],
  services: ["spec.clusterIP", "spec.type"],
};

/** The events.k8s.io group names the same fields its own way. */
const eventsV1Names: Readonly<Record<string, string>> = {
  "regarding.kind": "involvedObject.kind",
  "regarding.namespace": "involvedObject.namespace",
  "regarding.name": "involvedObject.name",
  "regarding.uid": "involvedObject.uid",
  "regarding.apiVersion": "involvedObject.apiVersion",
  "regarding.resourceVersion": "involvedObject.resourceVersion",
  "regarding.fieldPath": "involvedObject.fieldPath",
  reportingController: "reportingComponent",
  reason: "reason",
  type: "type",
};

/**
 * Compiles `spec.nodeName=worker-1,status.phase!=Running` for objects in their stored shape.
 * @throws StatusError 400 when it does not parse or names a field the resource cannot be selected by
 */
export function parseFieldSelector(selector: string, served: ServedResource): ObjectMatcher {
  const matchers = selector
    .split(",")
    .filter((t) => t !== "")
    .map((term) => parseTerm(term, selector, served));
  return (object) => matchers.every((matches) => matches(object));
}

function parseTerm(term: string, selector: string, served: ServedResource): ObjectMatcher {
  const match = /^([^=!]+)(==|=|!=)(.*)$/.exec(term);
  if (match === null) throw badRequest(`invalid selector: '${selector}'; can't understand '${term}'`);
  const [, label = "", operator, value = ""] = match;
  const field = storedField(label, served);
  if (field === undefined) throw badRequest(`field label not supported: ${label}`);
  const wanted = operator !== "!=";
  return (object) => (fieldOf(object, field) === value) === wanted;
}

function storedField(label: string, served: ServedResource): string | undefined {
  if (always.includes(label)) return label;
  if (served.group === "events.k8s.io") return eventsV1Names[label];
  return (selectable[served.stored] ?? []).includes(label) ? label : undefined;
}

/** The field as text; an unset field is "", and "false" for a flag. */
function fieldOf(object: KubeObject, path: string): string {
  if (path === "source") return textAt(object, "source.component") || textAt(object, "reportingComponent");
  const text = textAt(object, path);
  if (text !== "") return text;
  if (path === "spec.unschedulable" || path === "spec.hostNetwork") return "false";
  return path === "status.replicas" || path === "status.successful" ? "0" : "";
}

function textAt(object: KubeObject, path: string): string {
  let value: unknown = object;
  for (const part of path.split(".")) value = (value as Record<string, unknown> | null | undefined)?.[part];
  return typeof value === "string"
    ? value
    : value === undefined || value === null
      ? ""
      : JSON.stringify(value);
}
