import type { LintRule } from "../rule.ts";
import { exposed } from "../template.ts";

export const recreateStrategy: LintRule = {
  id: "recreate-strategy",
  severity: "warning",
  title: "An update stops every pod before it starts a new one",
  why: "With the Recreate strategy there is a gap without any endpoint at each update, and the gateway answers 503 for its length. Use RollingUpdate; where two versions may not run at once, plan the downtime.",
  check: ({ workloads }) =>
    exposed(workloads)
      .filter((w) => w.workload?.strategy.type === "Recreate")
      .map((w) => ({
        subject: w.ref,
        path: ["spec", "strategy", "type"],
        message: "the strategy is Recreate: at each update there is a time without any pod",
        fix: {
          title: "Update pod by pod",
          applicability: "unsafe",
          patch: {
            object: w.ref,
            type: "merge",
            body: {
              spec: {
                strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
              },
            },
          },
          effect: "two versions run beside each other during an update",
        },
      })),
};
