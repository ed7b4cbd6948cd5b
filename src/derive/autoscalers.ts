import type { HorizontalPodAutoscaler } from "kubernetes-types/autoscaling/v2";
import { type Evidence, list, nameOf } from "../evidence/evidence.ts";
import { ref } from "../evidence/object-ref.ts";
import { type Observed, present } from "../evidence/observed.ts";
import { compareText, items, maybe, timeMs } from "./shape.ts";
import type { AutoscalerView, Route, Workload } from "./views.ts";

/** The HorizontalPodAutoscalers that scale one of the route's workloads, sorted by name. */
export function deriveAutoscalers(
  evidence: Evidence,
  route: Route,
  workloads: Observed<readonly Workload[]>,
): Observed<readonly AutoscalerView[]> {
  const listed = list(evidence, "horizontalpodautoscalers", route.namespace);
  if (listed.state !== "present") return listed;
  if (listed.value.length === 0) return present([]);
  if (workloads.state === "unknown") return workloads;
  const scaled = workloads.state === "present" ? workloads.value.map((w) => w.ref) : [];
  const views = listed.value
    .filter((hpa) => {
      const target = hpa.spec?.scaleTargetRef;
      return scaled.some((w) => w.kind === target?.kind && w.name === target.name);
    })
    .map((hpa) => autoscalerView(hpa, route.namespace));
  return present(views.sort((a, b) => compareText(a.ref.name, b.ref.name)));
}

/** minReplicas is 1 when not set: kubernetes/kubernetes pkg/apis/autoscaling/v2/defaults.go. */
function autoscalerView(hpa: HorizontalPodAutoscaler, namespace: string): AutoscalerView {
  return {
    hpa,
    ref: ref("HorizontalPodAutoscaler", nameOf(hpa), namespace),
    min: hpa.spec?.minReplicas ?? 1,
    max: hpa.spec?.maxReplicas ?? 0,
    current: hpa.status?.currentReplicas ?? 0,
    desired: hpa.status?.desiredReplicas ?? 0,
    conditions: items(hpa.status?.conditions).map((c) => ({
      type: c.type,
      status: c.status,
      ...maybe("reason", c.reason),
      ...maybe("message", c.message),
      ...maybe("changedMs", timeMs(c.lastTransitionTime)),
    })),
  };
}
