import type { HorizontalPodAutoscaler } from "kubernetes-types/autoscaling/v2";
import { isSidecar } from "../../derive/containers.ts";
import { items } from "../../derive/shape.ts";
import { nameOf, namespaceOf } from "../../evidence/evidence.ts";
import type { LintFacts } from "../facts.ts";
import type { LintRule } from "../rule.ts";
import { scaled } from "../scaled.ts";

export const autoscalerWithoutRequests: LintRule = {
  id: "autoscaler-without-requests",
  severity: "error",
  title: "An autoscaler measures against requests that are not set",
  why: "Utilization is a share of the requested amount. A pod in which one container requests nothing has no utilization, and the autoscaler stays where it is under any load.",
  check: (facts) =>
    scaled(facts).flatMap(({ hpa, runnable }) =>
      resourcesOf(hpa).flatMap((resource) => {
        const without = [
          ...items(runnable.spec.containers),
          ...items(runnable.spec.initContainers).filter(isSidecar),
        ].filter((c) => !c.resources?.requests?.[resource] && !c.resources?.limits?.[resource]);
        if (without.length === 0 || hasDefaults(facts, namespaceOf(hpa), resource)) return [];
        return {
          subject: runnable.ref,
          part: resource,
          path: [...runnable.specPath, "containers", 0, "resources"],
          message: `HorizontalPodAutoscaler ${nameOf(hpa)} aims at a share of the requested ${resource}; ${without.map((c) => c.name).join(", ")} requests none`,
        };
      }),
    ),
};

const resourcesOf = (hpa: HorizontalPodAutoscaler): string[] =>
  items(hpa.spec?.metrics).flatMap((m) =>
    m.type === "Resource" && m.resource?.target?.type === "Utilization" ? m.resource.name : [],
  );

/** A LimitRange may fill requests in when a pod is made. */
function hasDefaults({ beside }: LintFacts, namespace: string, resource: string): boolean {
  const ranges = beside("limitranges", namespace);
  return (
    ranges === undefined ||
    ranges.some(({ spec }) =>
      items(spec?.limits).some((l) => l.defaultRequest?.[resource] ?? l.default?.[resource]),
    )
  );
}
