import type { Evidence } from "../evidence/evidence.ts";
import { sameRef } from "../evidence/object-ref.ts";
import { matchRequest } from "./ingress-match.ts";
import { ruleSets } from "./rule-sets.ts";
import type { Route, RouteBackend } from "./views.ts";

/** A canary's route with the backend that takes the rest of its requests. */
export function withPrimary(evidence: Evidence, route: Route): Route {
  if (route.role !== "canary" || route.path === undefined) return route;
  const primary = primaryOf(evidence, route, route.path);
  return primary === undefined ? route : { ...route, primary };
}

function primaryOf(evidence: Evidence, route: Route, path: string): RouteBackend | undefined {
  for (const rules of ruleSets(evidence)) {
    const match = matchRequest(rules, route.host ?? "", path);
    const joins = match?.canaries.some((c) => sameRef(c.backend.service, route.backend.service));
    if (match !== undefined && joins === true) return match.primary.backend;
  }
  return undefined;
}
