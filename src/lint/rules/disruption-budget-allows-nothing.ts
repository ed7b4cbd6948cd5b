import { nameOf, namespaceOf } from "../../evidence/evidence.ts";
import { ref } from "../../evidence/object-ref.ts";
import type { Budget } from "../facts.ts";
import type { LintRule } from "../rule.ts";
import { podsOf } from "../share.ts";

export const disruptionBudgetAllowsNothing: LintRule = {
  id: "disruption-budget-allows-nothing",
  severity: "warning",
  title: "A PodDisruptionBudget allows no eviction at all",
  why: "A drain waits for it for ever, until somebody deletes the pods by force, all of a node at once. Allow one pod to go: maxUnavailable 1.",
  check: ({ workloads }) =>
    workloads.flatMap((w) =>
      (w.budgets ?? []).flatMap((budget) => {
        const field =
          w.replicas === undefined || w.replicas === 0 ? undefined : blockedBy(budget, w.replicas);
        if (field === undefined) return [];
        const object = ref("PodDisruptionBudget", nameOf(budget), namespaceOf(budget));
        return {
          subject: object,
          path: ["spec", field],
          message: `${field} ${budget.spec?.[field]} of ${w.replicas} ${w.replicas === 1 ? "pod" : "pods"} of ${w.ref.kind} ${w.ref.name} lets none be evicted`,
          fix: {
            title: "Let one pod at a time be evicted",
            // Of a single pod that lets a drain take all there is.
            applicability: w.replicas === 1 ? ("unsafe" as const) : ("safe" as const),
            patch: {
              object,
              type: "merge" as const,
              body: { spec: { minAvailable: null, maxUnavailable: 1 } },
            },
          },
        };
      }),
    ),
};

/** Percentages are rounded up, of both (kubernetes pkg/controller/disruption). */
function blockedBy({ spec }: Budget, replicas: number): "minAvailable" | "maxUnavailable" | undefined {
  const most = podsOf(spec?.maxUnavailable, replicas, "up");
  if (most === 0) return "maxUnavailable";
  const least = podsOf(spec?.minAvailable, replicas, "up");
  return least !== undefined && least >= replicas ? "minAvailable" : undefined;
}
