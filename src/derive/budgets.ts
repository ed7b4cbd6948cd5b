import type { PodDisruptionBudget } from "kubernetes-types/policy/v1";
import { type Evidence, list } from "../evidence/evidence.ts";
import { type Observed, present } from "../evidence/observed.ts";
import { byName } from "./coverage.ts";
import { matchesSelector } from "./selectors.ts";
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
  const labels = pods.state === "present" ? pods.value.map((p) => p.labels) : [];
  const selecting = listed.value.filter((budget) =>
    labels.some((l) => matchesSelector(l, budget.spec?.selector)),
  );
  return present(selecting.sort(byName));
}
