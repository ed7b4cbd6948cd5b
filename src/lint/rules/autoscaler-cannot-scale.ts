import { objectsOf } from "../../derive/coverage.ts";
import type { LintRule } from "../rule.ts";
import { hpaRef } from "../scaled.ts";

export const autoscalerCannotScale: LintRule = {
  id: "autoscaler-cannot-scale",
  severity: "warning",
  title: "An autoscaler has no room to scale",
  why: "With the same number as least and most it adds no pod under load; with more as least than as most the API server rejects it.",
  check: ({ evidence }) =>
    objectsOf(evidence, "horizontalpodautoscalers").flatMap((hpa) => {
      const { minReplicas: min = 1, maxReplicas: max } = hpa.spec ?? {};
      if (max === undefined || min < max) return [];
      return {
        subject: hpaRef(hpa),
        path: ["spec", "maxReplicas"],
        message: `minReplicas is ${min} and maxReplicas ${max}`,
      };
    }),
};
