import { type JsonObject, objectsOf, setDefault } from "../json.ts";
import type { KubeObject } from "../../stored-object.ts";
import { objectAt, objectOf } from "../json.ts";
import { defaultPodSpec } from "./pod-spec.ts";

/** Defaults of a pod, with those of the admission plugins ServiceAccount, Priority and DefaultTolerationSeconds. */
export function defaultPod(pod: KubeObject): void {
  const spec = objectAt(pod, "spec");
  defaultPodSpec(spec);
  if (spec["enableServiceLinks"] === undefined) spec["enableServiceLinks"] = true;
  setDefault(spec, "serviceAccountName", "default");
  setDefault(spec, "serviceAccount", spec["serviceAccountName"]);
  setDefault(spec, "priority", 0);
  setDefault(spec, "preemptionPolicy", "PreemptLowerPriority");
  spec["tolerations"] = withNodeTolerations(objectsOf(spec["tolerations"]));
}

/** Status of a pod that nobody has looked at yet. */
export const newPodStatus = (pod: KubeObject): JsonObject => ({
  phase: "Pending",
  qosClass: qosClassOf(pod),
});

const nodeTaints = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];

function withNodeTolerations(own: readonly JsonObject[]): JsonObject[] {
  const tolerates = (taint: string): boolean =>
    own.some(
      ({ key = "", effect = "" }) =>
        (key === taint || key === "") && (effect === "NoExecute" || effect === ""),
    );
  const added = nodeTaints
    .filter((taint) => !tolerates(taint))
    .map((key) => ({ key, operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 }));
  return [...own, ...added];
}

const isSet = (amounts: unknown, name: string): boolean => objectOf(amounts)[name] !== undefined;

/** Guaranteed, Burstable or BestEffort (kubernetes/kubernetes pkg/apis/core/v1/helper/qos/qos.go). */
function qosClassOf(pod: KubeObject): string {
  const spec = objectOf(pod["spec"]);
  const containers = [...objectsOf(spec["initContainers"]), ...objectsOf(spec["containers"])];
  const resources = containers.map((c) => objectOf(c["resources"]));
  const names = ["cpu", "memory"];
  if (resources.every((r) => names.every((n) => !isSet(r["limits"], n) && !isSet(r["requests"], n))))
    return "BestEffort";
  const isGuaranteed = resources.every((r) =>
    names.every((n) => isSet(r["limits"], n) && objectOf(r["limits"])[n] === objectOf(r["requests"])[n]),
  );
  return isGuaranteed ? "Guaranteed" : "Burstable";
}
