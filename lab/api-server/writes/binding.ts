import type { KubeObject } from "../stored-object.ts";
import { objectOf, objectsOf } from "./json.ts";
import { timeText, type WriteContext } from "./write-context.ts";

/** A pod that has its node is scheduled (kubernetes/kubernetes pkg/registry/core/pod/storage, setPodNodeAndMetadata). */
export function setScheduled(context: WriteContext, pod: KubeObject): void {
  if ((objectOf(pod["spec"])["nodeName"] ?? "") === "") return;
  const status = objectOf(pod["status"]);
  const others = objectsOf(status["conditions"]).filter((c) => c["type"] !== "PodScheduled");
  const scheduled = { type: "PodScheduled", status: "True", lastTransitionTime: timeText(context.nowMs()) };
  pod["status"] = { ...status, conditions: [...others, scheduled] };
}
