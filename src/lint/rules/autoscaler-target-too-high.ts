import { objectsOf } from "../../derive/coverage.ts";
import { items } from "../../derive/shape.ts";
import type { LintRule } from "../rule.ts";
import { hpaRef } from "../scaled.ts";

/** With the tolerance of 10 % nothing happens below 1.1 times the target. */
const highestPercent = 90;

export const autoscalerTargetTooHigh: LintRule = {
  id: "autoscaler-target-too-high",
  severity: "warning",
  title: "An autoscaler adds pods only when the present ones are full",
  why: "It acts on an average, with 10 % tolerance, and a new pod takes its time to become ready. Aimed at 90 % of the requested CPU or more it acts when requests already queue.",
  check: ({ evidence }) =>
    objectsOf(evidence, "horizontalpodautoscalers").flatMap((hpa) =>
      items(hpa.spec?.metrics).flatMap((metric, i) => {
        const percent = metric.resource?.target?.averageUtilization;
        if (metric.resource?.name !== "cpu" || percent === undefined || percent < highestPercent) return [];
        return {
          subject: hpaRef(hpa),
          part: "cpu",
          path: ["spec", "metrics", i, "resource", "target", "averageUtilization"],
          message: `it aims at ${percent} % of the requested CPU`,
        };
      }),
    ),
};
