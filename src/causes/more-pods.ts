import type { AutoscalerView, PodView } from "../derive/views.ts";
import { refText } from "../evidence/object-ref.ts";
import type { Observed } from "../evidence/observed.ts";
import type { LoggedRequest, Traffic } from "../logs/traffic.ts";
import type { Fix } from "./fix.ts";
import { alive, ownerOf } from "./pods.ts";
import { see } from "./see.ts";

const scalable = new Set(["Deployment", "StatefulSet"]);

/** More than what was answered needs: requests that gave up were not measured to their end. */
const spare = 1.5;
/** Beyond this it is no longer a matter of pods. */
const mostTimes = 5;

/**
 * As many pods as would have answered all: those that are there answered the share that did not fail. Undefined where
 * no object says how many there are, or an autoscaler at its own maximum does.
 */
export function morePods(
  pods: readonly PodView[],
  traffic: Traffic,
  failed: readonly LoggedRequest[],
  autoscalers: Observed<readonly AutoscalerView[]>,
): Fix | undefined {
  const here = alive(pods);
  const owner = here[0] === undefined ? undefined : ownerOf(here[0]);
  if (owner === undefined || !scalable.has(owner.kind) || autoscalers.state === "unknown") return undefined;
  const answered = Math.max(1, traffic.requests - failed.length) / Math.max(1, traffic.requests);
  const wanted = Math.ceil(here.length * Math.min(mostTimes, spare / answered));
  const scaler = autoscalers.state === "present" ? autoscalers.value[0] : undefined;
  const effect = `starts ${wanted - here.length} pods; what they ask (a database, a quota) must take that many more`;
  if (scaler !== undefined) {
    if (scaler.max < wanted) return undefined;
    const body = { spec: { minReplicas: wanted } };
    return {
      title: `Run ${wanted} pods of ${refText(owner)} instead of ${here.length}: minReplicas of ${refText(scaler.ref)}`,
      applicability: "unsafe",
      commands: [see.patch(scaler.ref, "merge", body)],
      patch: { object: scaler.ref, type: "merge", body },
      effect,
    };
  }
  const body = { spec: { replicas: wanted } };
  const words = ["scale", `${owner.kind.toLowerCase()}/${owner.name}`, "-n", owner.namespace ?? "default"];
  return {
    title: `Run ${wanted} pods of ${refText(owner)} instead of ${here.length}`,
    applicability: "unsafe",
    commands: [see.shell("kubectl", ...words, `--replicas=${wanted}`)],
    patch: { object: owner, type: "merge", body },
    effect,
  };
}
