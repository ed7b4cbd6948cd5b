import type { LintRule } from "../rule.ts";

export const disruptionBudgetMissing: LintRule = {
  id: "disruption-budget-missing",
  severity: "warning",
  title: "No PodDisruptionBudget keeps pods while nodes are drained",
  why: "A node upgrade or a scale-down of the cluster evicts pods without asking how many others are left; two drains at once take them all. A PodDisruptionBudget with maxUnavailable 1 lets them go one after the other.",
  check: ({ workloads }) =>
    workloads
      .filter((w) => w.isExposed && (w.replicas ?? 0) > 1 && w.budgets?.length === 0)
      .map((w) => ({
        subject: w.ref,
        path: ["metadata", "name"],
        message: `no PodDisruptionBudget that was read selects its ${w.replicas} pods: all may be evicted at once`,
      })),
};
