import type { LintRule } from "../rule.ts";

export const singleReplica: LintRule = {
  id: "single-replica",
  severity: "warning",
  title: "One pod carries the whole route",
  why: "When it restarts, is evicted, or its node is drained or lost, there is no other to answer: each is a 502 or 503 for everybody. Two pods on two nodes survive all of these.",
  check: ({ workloads }) =>
    workloads
      .filter((w) => w.isExposed && w.replicas === 1 && w.ref.kind !== "Pod")
      .map((w) => {
        const hpa = w.autoscalers?.[0];
        return {
          subject: w.ref,
          path: ["spec", "replicas"],
          message:
            hpa === undefined
              ? "it runs one pod"
              : `HorizontalPodAutoscaler ${hpa.metadata?.name} lets it shrink to one pod (minReplicas ${hpa.spec?.minReplicas ?? "is not set, which means 1"})`,
          ...(hpa === undefined
            ? {
                fix: {
                  title: "Run two pods",
                  applicability: "unsafe" as const,
                  patch: { object: w.ref, type: "merge" as const, body: { spec: { replicas: 2 } } },
                  effect: "a second instance of the application runs beside the first",
                },
              }
            : {}),
        };
      }),
};
