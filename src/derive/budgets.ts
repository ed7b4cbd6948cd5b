import type { PodDisruptionBudget } from "kubernetes-types/policy/v1";
import { type Evidence, list, nameOf } from "../evidence/evidence.ts";
import { type Observed, present } from "../evidence/observed.ts";
import { allKnown, selectorMatches } from "./label-selector.ts";
import type { PodView, Route } from "./views.ts";

/**
 * The PodDisruptionBudgets that select one of the route's pods. In policy/v1 an empty selector
 * selects every pod of the namespace and no selector selects none.
 */
export function deriveBudgets(
  evidence: Evidence,
  route: Route,
  pods: Observed<readonly PodView[]>,
): Observed<readonly PodDisruptionBudget[]> {
  const listed = list(evidence, "poddisruptionbudgets", route.namespace);
  if (listed.state !== "present") return listed;
  if (listed.value.length === 0) return present([]);
  if (pods.state === "unknown") return pods;
  const labels = pods.state === "present" ? pods.value.map((p) => allKnown(p.labels)) : [];
  const selecting = listed.value.filter((budget) => {
    const selector = budget.spec?.selector;
    return selector !== undefined && labels.some((l) => selectorMatches(selector, l) === "yes");
  });
  return present(selecting.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)));
}
