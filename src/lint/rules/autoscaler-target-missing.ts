import { nearestNames } from "../../derive/near-names.ts";
import { objectsOf } from "../../derive/coverage.ts";
import { nameOf, namespaceOf } from "../../evidence/evidence.ts";
import type { Resource } from "../../evidence/kinds.ts";
import { ref } from "../../evidence/object-ref.ts";
import type { LintRule } from "../rule.ts";

const resourceOf: Readonly<Record<string, Resource>> = {
  Deployment: "deployments",
  StatefulSet: "statefulsets",
  ReplicaSet: "replicasets",
  Rollout: "rollouts",
};

export const autoscalerTargetMissing: LintRule = {
  id: "autoscaler-target-missing",
  severity: "error",
  title: "A HorizontalPodAutoscaler scales something that does not exist",
  why: "It does nothing then: the number of pods stays as it is, whatever the load.",
  check: ({ evidence, isWhole, runnables }) =>
    objectsOf(evidence, "horizontalpodautoscalers").flatMap((hpa) => {
      const namespace = namespaceOf(hpa);
      const { kind = "", name = "" } = hpa.spec?.scaleTargetRef ?? {};
      const resource = resourceOf[kind];
      if (resource === undefined) return [];
      const here = runnables.filter((r) => r.ref.namespace === namespace && r.ref.kind === kind);
      if (here.some((r) => r.ref.name === name)) return [];
      const near = nearestNames(
        name,
        here.map((r) => r.ref.name),
      );
      if (!isWhole(resource, namespace) && near.length === 0) return [];
      return {
        subject: ref("HorizontalPodAutoscaler", nameOf(hpa), namespace),
        path: ["spec", "scaleTargetRef", "name"],
        message: `there is no ${kind} ${namespace}/${name}${near.length === 0 ? "" : `; there is ${near.join(", ")}`}`,
      };
    }),
};
