import { type Evidence, list, nameOf, namespaceOf } from "../evidence/evidence.ts";
import type { KindMap } from "../evidence/kinds.ts";
import type { ObjectTarget } from "../target/target.ts";
import { byName, objectsOf } from "./coverage.ts";
import { type Claim, routeOf } from "./ingress-claims.ts";
import { nearestNames } from "./near-names.ts";
import { distinctRoutes, ingressesUnread, serviceRoute, unreadNote } from "./route-list.ts";
import type { ResolvedRoutes, RouteProblem } from "./routes.ts";
import { ruleSets } from "./rule-sets.ts";

/** Routes of `ingress/NAME` and `service/NAME`. */
export function resolveObject(evidence: Evidence, target: ObjectTarget): ResolvedRoutes {
  switch (target.resource) {
    case "ingress":
      return resolveIngress(evidence, target);
    case "service":
      return resolveService(evidence, target);
    case "httproute":
      return {
        routes: [],
        problem: {
          message: `HTTPRoute ${target.name}: routes of the Gateway API are not read yet. Name its backend: service/NAME.`,
          near: [],
        },
      };
  }
}

function resolveIngress(evidence: Evidence, target: ObjectTarget): ResolvedRoutes {
  const found = findNamed(evidence, "ingresses", target);
  if ("problem" in found) return { routes: [], problem: found.problem };
  const claims = allClaims(evidence).filter((c) => c.ingress === found.object);
  if (claims.length > 0) return { routes: distinctRoutes(claims.map((claim) => routeOf(claim))) };
  return { routes: [], problem: { message: `Ingress ${target.name} has no rule with a backend.`, near: [] } };
}

function resolveService(evidence: Evidence, target: ObjectTarget): ResolvedRoutes {
  const found = findNamed(evidence, "services", target);
  if ("problem" in found) {
    const named = rulesTo(evidence, target.name, target.namespace);
    return named.length > 0 ? { routes: named } : { routes: [], problem: found.problem };
  }
  const routes = rulesTo(evidence, target.name, namespaceOf(found.object));
  if (routes.length > 0) return { routes };
  const unread = ingressesUnread(evidence, namespaceOf(found.object));
  const bare = [serviceRoute(found.object)];
  if (unread === undefined) return { routes: bare };
  const message = `Ingresses were not read (${unread}), so only the Service itself is looked at.`;
  return { routes: bare, problem: { message, near: [] } };
}

/** Every rule that leads to a Service; the Service need not exist. */
function rulesTo(evidence: Evidence, name: string, namespace: string | undefined) {
  const claims = allClaims(evidence).filter(
    ({ backend: { service } }) =>
      service.kind === "Service" &&
      service.name === name &&
      (namespace === undefined || service.namespace === namespace),
  );
  return distinctRoutes(claims.map((claim) => routeOf(claim)));
}

const allClaims = (evidence: Evidence): Claim[] => ruleSets(evidence).flatMap((rules) => [...rules.claims]);

type Found<T> = { readonly object: T } | { readonly problem: RouteProblem };

/** By name in the namespace given, or in the only namespace that has one. */
function findNamed<R extends "ingresses" | "services">(
  evidence: Evidence,
  resource: R,
  target: ObjectTarget,
): Found<KindMap[R]> {
  const kind = resource === "ingresses" ? "Ingress" : "Service";
  const listed = list(evidence, resource, target.namespace);
  if (listed.state === "unknown") {
    return problem(`cannot look for ${kind} ${target.name}: ${listed.reason}.`, []);
  }
  const all = objectsOf(evidence, resource) as readonly KindMap[R][];
  const named = all.filter((o) => nameOf(o) === target.name).toSorted(byName);
  const here = named.filter((o) => target.namespace === undefined || namespaceOf(o) === target.namespace);
  const [only] = here;
  if (only !== undefined && here.length === 1) return { object: only };
  if (here.length > 1) {
    const where = here.map(namespaceOf);
    return problem(
      `${kind} ${target.name} exists in ${where.length} namespaces: say which one with -n.`,
      where,
    );
  }
  const note = unreadNote(evidence, resource);
  if (named.length > 0) {
    return problem(
      `no ${kind} ${target.name} in namespace ${target.namespace}; there is one in the namespaces named here${note}.`,
      named.map(namespaceOf),
    );
  }
  const scope = target.namespace === undefined ? "" : ` in namespace ${target.namespace}`;
  const names = all
    .filter((o) => target.namespace === undefined || namespaceOf(o) === target.namespace)
    .map(nameOf);
  return problem(`no ${kind} ${target.name}${scope}${note}.`, nearestNames(target.name, names));
}

const problem = (message: string, near: readonly string[]): { problem: RouteProblem } => ({
  problem: { message, near },
});
