import { nearestNames } from "../../derive/near-names.ts";
import { hasLabels, type Labels, serviceSelector } from "../../derive/selectors.ts";
import type { LintFacts, ServiceFacts } from "../facts.ts";
import type { LintRule } from "../rule.ts";
import type { Runnable } from "../runnables.ts";

export const selectorMatchesNothing: LintRule = {
  id: "selector-matches-nothing",
  severity: "error",
  title: "A Service selects no pod",
  why: "Its selector has to be among the labels of the pods, which are those of the template, not of the Deployment. Without a pod it has no endpoint, and the gateway answers 503.",
  check: (facts) =>
    facts.services.flatMap((s) => {
      const selector = serviceSelector(s.service);
      if (selector === undefined || s.selected.length > 0 || s.service.spec?.type === "ExternalName")
        return [];
      const meant = meantBy(facts, s, selector);
      if (meant === undefined && !isSureOfNone(facts, s, selector)) return [];
      return {
        subject: s.ref,
        path: ["spec", "selector"],
        message: `it selects ${textOf(selector)}${meant === undefined ? ", which no pod has" : `; the pods of ${meant.ref.kind} ${meant.ref.name} have ${textOf(differing(meant.labels, selector))}`}`,
        ...(meant === undefined
          ? {}
          : {
              fix: {
                title: `Select the pods of ${meant.ref.kind} ${meant.ref.name}`,
                applicability: "unsafe" as const,
                patch: {
                  object: s.ref,
                  type: "merge" as const,
                  body: { spec: { selector: differing(meant.labels, selector) } },
                },
                effect: "requests reach those pods at once",
              },
            }),
      };
    }),
};

/**
 * Among manifests the pods may be written elsewhere. A workload of the same name, or one that has part of
 * the selector and that no other Service selects, is what was meant.
 */
function meantBy(
  { runnables, services }: LintFacts,
  { ref }: ServiceFacts,
  selector: Labels,
): Runnable | undefined {
  const selected = new Set(services.flatMap((s) => s.selected));
  const free = runnables.filter((r) => r.ref.namespace === ref.namespace && !selected.has(r));
  const named = free.find((r) => r.ref.name === ref.name);
  if (named !== undefined) return named;
  const shared = free.filter((r) =>
    Object.entries(selector).some(([k, v]) => hasLabels(r.labels, { [k]: v })),
  );
  if (shared.length === 1) return shared[0];
  const near = nearestNames(
    ref.name,
    free.map((r) => r.ref.name),
    1,
  );
  return free.find((r) => r.ref.name === near[0]);
}

/** Every kind that makes pods was read, and the pods. */
const isSureOfNone = ({ isWhole, evidence }: LintFacts, { ref }: ServiceFacts, selector: Labels): boolean =>
  (["pods", "deployments", "statefulsets", "daemonsets", "replicasets"] as const).every((resource) =>
    isWhole(resource, ref.namespace ?? ""),
  ) && !(evidence.objects.pods ?? []).some((pod) => hasLabels(pod.metadata?.labels ?? {}, selector));

/** Of the labels, those under the selector's keys; all when none is. */
function differing(labels: Labels, selector: Labels): Labels {
  const entries = Object.entries(labels).filter(([key]) => Object.hasOwn(selector, key));
  return entries.length === 0 ? labels : Object.fromEntries(entries);
}

const textOf = (labels: Labels): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(",") || "no labels";
