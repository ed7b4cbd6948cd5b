import { objectsOf } from "../../derive/coverage.ts";
import type { LintRule } from "../rule.ts";

export const disruptionBudgetMissing: LintRule = {
  id: "disruption-budget-missing",
  severity: "warning",
  title: "No PodDisruptionBudget keeps pods while nodes are drained",
  why: "A node upgrade or a scale-down of the cluster evicts pods without asking how many others are left; two drains at once take them all. A PodDisruptionBudget with maxUnavailable 1 lets them go one after the other.",
  check: ({ workloads, evidence, isWhole }) =>
    workloads
      .filter((w) => w.isExposed && (w.replicas ?? 0) > 1 && w.budgets?.length === 0)
      .map((w) => {
        // Manifests without a single budget may have them all in another place.
        const isSure =
          isWhole("poddisruptionbudgets", w.ref.namespace ?? "") ||
          objectsOf(evidence, "poddisruptionbudgets").length > 0;
        return {
          subject: w.ref,
          path: ["metadata", "name"],
          message: `no PodDisruptionBudget that was read selects its ${w.replicas} pods: all may be evicted at once`,
          ...(isSure ? {} : { severity: "note" as const }),
        };
      }),
};
