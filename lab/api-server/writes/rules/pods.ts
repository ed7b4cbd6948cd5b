import type { KubeObject } from "../../stored-object.ts";
import { type FieldError, forbiddenField } from "../field-error.ts";
import { copyOf, isEqual, type JsonObject, objectOf, objectsOf } from "../json.ts";
import { checkPodSpec } from "./pod-spec.ts";

/** pkg/apis/core/validation/validation.go, ValidatePodUpdate: what a running pod may change. */
const changeText =
  "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`," +
  "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations)," +
  "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

export function checkPod(pod: KubeObject, before: KubeObject | undefined, isBinding: boolean): FieldError[] {
  const errors = checkPodSpec(objectOf(pod["spec"]), "spec");
  if (before === undefined) return errors;
  const old = objectOf(before["spec"]);
  const spec = objectOf(pod["spec"]);
  const kept = objectsOf(old["tolerations"]).every((toleration) =>
    objectsOf(spec["tolerations"]).some((t) => isEqual(t, toleration)),
  );
  const bound = isBinding ? { ...old, nodeName: spec["nodeName"] } : old;
  return isEqual(fixedPart(bound), fixedPart(spec)) && kept
    ? errors
    : [...errors, forbiddenField("spec", changeText)];
}

/** A spec without what may change; ephemeral containers come by their own subresource. */
function fixedPart(spec: JsonObject): JsonObject {
  const fixed = copyOf(spec);
  for (const name of ["activeDeadlineSeconds", "tolerations", "ephemeralContainers"]) delete fixed[name];
  for (const container of [...objectsOf(fixed["containers"]), ...objectsOf(fixed["initContainers"])])
    delete container["image"];
  return fixed;
}
