import type { KubeObject } from "../../stored-object.ts";
import {
  type FieldError,
  forbiddenField,
  immutable,
  invalidValue,
  notSupported,
  required,
} from "../field-error.ts";
import { isEqual, isObject, type JsonObject, objectOf } from "../json.ts";
import { checkLabels } from "./names.ts";
import { checkPodSpec } from "./pod-spec.ts";
import { selectorMatches } from "./selector.ts";

/** What Deployments, ReplicaSets, StatefulSets and DaemonSets have in common. */
function checkWorkload(object: KubeObject, before: KubeObject | undefined): FieldError[] {
  const spec = objectOf(object["spec"]);
  const { selector } = spec;
  const template = objectOf(spec["template"]);
  const podSpec = objectOf(template["spec"]);
  const old = objectOf(before?.["spec"])["selector"];
  return [
    ...checkReplicas(spec),
    ...(selector === undefined ? [] : checkTemplateLabels(selector, template)),
    ...(before !== undefined && !isEqual(selector, old) ? [immutable("spec.selector", selector)] : []),
    ...(template["spec"] === undefined ? [] : checkPodSpec(podSpec, "spec.template.spec")),
    ...(podSpec["restartPolicy"] === undefined || podSpec["restartPolicy"] === "Always"
      ? []
      : [notSupported("spec.template.spec.restartPolicy", podSpec["restartPolicy"], ["Always"])]),
  ];
}

const checkReplicas = ({ replicas }: JsonObject): FieldError[] =>
  typeof replicas === "number" && replicas < 0
    ? [invalidValue("spec.replicas", replicas, "must be greater than or equal to 0")]
    : [];

function checkTemplateLabels(selector: unknown, template: JsonObject): FieldError[] {
  const labels = objectOf(objectOf(template["metadata"])["labels"]) as Record<string, string>;
  if (isObject(selector) && Object.values(selector).every((part) => Object.keys(objectOf(part)).length === 0))
    return [invalidValue("spec.selector", selector, "empty selector is invalid for deployment")];
  const mismatch = selectorMatches(selector, labels)
    ? []
    : [invalidValue("spec.template.metadata.labels", labels, "`selector` does not match template `labels`")];
  return [...mismatch, ...checkLabels("spec.template.metadata.labels", labels)];
}

export function checkDeployment(object: KubeObject, before: KubeObject | undefined): FieldError[] {
  const { strategy } = objectOf(object["spec"]);
  return [...checkWorkload(object, before), ...checkStrategy(objectOf(strategy))];
}

function checkStrategy(strategy: JsonObject): FieldError[] {
  const path = "spec.strategy";
  const { type, rollingUpdate } = strategy;
  if (type === "Recreate")
    return rollingUpdate === undefined
      ? []
      : [forbiddenField(`${path}.rollingUpdate`, "may not be specified when strategy `type` is 'Recreate'")];
  if (type !== "RollingUpdate") return [notSupported(`${path}.type`, type, ["Recreate", "RollingUpdate"])];
  const { maxUnavailable, maxSurge } = objectOf(rollingUpdate);
  const bad = (["maxUnavailable", "maxSurge"] as const).flatMap((name) => {
    const value = name === "maxSurge" ? maxSurge : maxUnavailable;
    return isCountOrPercent(value)
      ? []
      : [
          invalidValue(
            `${path}.rollingUpdate.${name}`,
            value,
            "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
          ),
        ];
  });
  if (bad.length > 0) return bad;
  return isZero(maxUnavailable) && isZero(maxSurge)
    ? [
        invalidValue(
          `${path}.rollingUpdate.maxUnavailable`,
          maxUnavailable,
          "may not be 0 when `maxSurge` is 0",
        ),
      ]
    : [];
}

const isCountOrPercent = (value: unknown): boolean =>
  (typeof value === "number" && value >= 0) || (typeof value === "string" && /^\d+%$/.test(value));
const isZero = (value: unknown): boolean => value === 0 || value === "0%";

export const checkReplicaSet = checkWorkload;
export const checkDaemonSet = checkWorkload;

const changeable = new Set([
  "replicas",
  "ordinals",
  "template",
  "updateStrategy",
  "revisionHistoryLimit",
  "persistentVolumeClaimRetentionPolicy",
  "minReadySeconds",
]);

export function checkStatefulSet(object: KubeObject, before: KubeObject | undefined): FieldError[] {
  const errors = checkWorkload(object, undefined);
  if (before === undefined) return errors;
  const old = objectOf(before["spec"]);
  const spec = objectOf(object["spec"]);
  const names = [...new Set([...Object.keys(old), ...Object.keys(spec)])];
  if (names.every((name) => changeable.has(name) || isEqual(old[name], spec[name]))) return errors;
  const text =
    "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', " +
    "'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";
  return [...errors, forbiddenField("spec", text)];
}

export function checkJob(object: KubeObject, before: KubeObject | undefined): FieldError[] {
  const spec = objectOf(object["spec"]);
  const podSpec = objectOf(objectOf(spec["template"])["spec"]);
  const policy = podSpec["restartPolicy"];
  const path = "spec.template";
  const old = objectOf(before?.["spec"])["template"];
  return [
    ...(spec["template"] === undefined ? [required(path)] : checkPodSpec(podSpec, `${path}.spec`)),
    ...(policy === "OnFailure" || policy === "Never"
      ? []
      : [
          policy === undefined || policy === "Always"
            ? required(`${path}.spec.restartPolicy`, 'valid values: "OnFailure", "Never"')
            : notSupported(`${path}.spec.restartPolicy`, policy, ["OnFailure", "Never"]),
        ]),
    ...(before !== undefined && !isEqual(old, spec["template"]) ? [immutable(path, spec["template"])] : []),
  ];
}
