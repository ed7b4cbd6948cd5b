import type { ResourceQuota } from "kubernetes-types/core/v1";
import { type Evidence, list } from "../evidence/evidence.ts";
import { mapObserved, type Observed } from "../evidence/observed.ts";
import { byName } from "./coverage.ts";
import type { Route } from "./views.ts";

/** The ResourceQuotas of the route's namespace, sorted by name. */
export function deriveQuotas(evidence: Evidence, route: Route): Observed<readonly ResourceQuota[]> {
  return mapObserved(list(evidence, "resourcequotas", route.namespace), (quotas) => [...quotas].sort(byName));
}
