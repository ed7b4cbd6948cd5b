import type { LintFinding, LintRule } from "../rule.ts";
import type { ServedWorkload } from "../served.ts";

export const singleReplica: LintRule = {
  id: "single-replica",
  severity: "warning",
  title: "One pod carries the whole route",
  why: "When it restarts, is evicted, or its node is drained or lost, there is no other to answer: each is a 502 or 503 for everybody. Two pods on two nodes survive all of these.",
  check: ({ workloads, isWhole }) =>
    workloads
      .filter((w) => w.isExposed && w.replicas === 1 && w.ref.kind !== "Pod")
      .map((w) => {
        const isOpen = !isWhole("horizontalpodautoscalers", w.ref.namespace ?? "");
        return { subject: w.ref, path: ["spec", "replicas"], ...told(w, isOpen) };
      }),
};

/** Without a written number an autoscaler that is not among the manifests may well choose it. */
function told(w: ServedWorkload, isOpen: boolean): Pick<LintFinding, "message" | "severity" | "fix"> {
  const hpa = w.autoscalers?.[0];
  if (hpa !== undefined) {
    const min = hpa.spec?.minReplicas;
    return {
      message: `HorizontalPodAutoscaler ${hpa.metadata?.name} lets it shrink to one pod (minReplicas ${min ?? "is not set, which means 1"})`,
    };
  }
  const fix = {
    title: "Run two pods",
    applicability: "unsafe",
    patch: { object: w.ref, type: "merge", body: { spec: { replicas: 2 } } },
    effect: "a second instance of the application runs beside the first",
  } as const;
  if (w.writtenReplicas !== undefined || !isOpen) return { message: "it runs one pod", fix };
  return {
    message: "replicas is not set, which means one pod unless an autoscaler is told elsewhere",
    severity: "note",
    fix,
  };
}
