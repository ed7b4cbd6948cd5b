import { items } from "../../derive/shape.ts";
import type { LintRule } from "../rule.ts";
import { templateFix, templatePath } from "../template.ts";

export const podsMayShareANode: LintRule = {
  id: "pods-may-share-a-node",
  severity: "note",
  title: "Nothing keeps the pods on different nodes",
  why: "The scheduler spreads pods by a weak preference only. When all of them end up on one node, its loss is an outage. A topologySpreadConstraint over kubernetes.io/hostname says it.",
  check: ({ workloads }) =>
    workloads
      .filter((w) => w.isExposed && (w.replicas ?? 0) > 1 && w.spec.affinity?.podAntiAffinity === undefined)
      .filter((w) => items(w.spec.topologySpreadConstraints).length === 0)
      .map((w) => ({
        subject: w.ref,
        path: templatePath(w),
        message: `no topologySpreadConstraints and no podAntiAffinity: its ${w.replicas} pods may run on one node`,
        fix: templateFix(w, "Spread the pods over nodes", {
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: "kubernetes.io/hostname",
              whenUnsatisfiable: "ScheduleAnyway",
              labelSelector: { matchLabels: w.labels },
            },
          ],
        }),
      })),
};
