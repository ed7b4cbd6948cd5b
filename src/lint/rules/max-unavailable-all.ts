import type { LintRule } from "../rule.ts";
import { podsOf } from "../share.ts";
import { exposed } from "../template.ts";

export const maxUnavailableAll: LintRule = {
  id: "max-unavailable-all",
  severity: "warning",
  title: "An update may take every pod away at once",
  why: "maxUnavailable counts from the wanted number of pods. Where it reaches that number, an update is a downtime like Recreate. With maxUnavailable 0 and maxSurge 1 a new pod is ready before an old one goes.",
  check: ({ workloads }) =>
    exposed(workloads).flatMap((w) => {
      const { maxUnavailable, type } = w.workload?.strategy ?? {};
      const { replicas } = w;
      if (maxUnavailable === undefined || replicas === undefined || replicas === 0) return [];
      if (type !== "RollingUpdate" || w.ref.kind !== "Deployment") return [];
      const away = podsOf(maxUnavailable, replicas, "down");
      if (away === undefined || away < replicas) return [];
      return {
        subject: w.ref,
        path: ["spec", "strategy", "rollingUpdate", "maxUnavailable"],
        message: `maxUnavailable ${maxUnavailable} of ${replicas} ${replicas === 1 ? "pod" : "pods"} leaves none during an update`,
        fix: {
          title: "Start a new pod before an old one stops",
          applicability: "safe",
          patch: {
            object: w.ref,
            type: "merge",
            body: { spec: { strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } } } },
          },
        },
      };
    }),
};
