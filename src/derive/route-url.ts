import { type Evidence, get } from "../evidence/evidence.ts";
import type { UrlTarget } from "../target/target.ts";
import { gatewayProcesses } from "./gateway-processes.ts";
import { type Claim, hostsOf, routeOf } from "./ingress-claims.ts";
import { hostsFor, matchRequest } from "./ingress-match.ts";
import { moreSpecific, normalPath } from "./ingress-paths.ts";
import { nearestNames } from "./near-names.ts";
import { ingressesUnread, serviceRoute, unreadNote } from "./route-list.ts";
import type { ResolvedRoutes, RouteProblem } from "./routes.ts";
import { inNamespace, type RuleSet, ruleSets } from "./rule-sets.ts";
import { compareText } from "./shape.ts";
import type { Route } from "./views.ts";

/** The rule that serves a URL, at each gateway of the cluster that would serve it, and its canaries. */
export function resolveUrl(evidence: Evidence, target: UrlTarget): ResolvedRoutes {
  const asked = `${target.host}${target.path}`;
  const unread = ingressesUnread(evidence, target.namespace);
  if (unread !== undefined) {
    const inside = clusterService(evidence, target.host);
    const message = `cannot tell which Ingress serves ${asked}: ${unread}. Name the Service instead: service/NAME -n NAMESPACE.`;
    return inside === undefined ? { routes: [], problem: { message, near: [] } } : { routes: [inside] };
  }
  const sets = ruleSets(evidence).map((rules) => inNamespace(rules, target.namespace));
  const matches = sets.flatMap((rules) => {
    const match = matchRequest(rules, target.host, normalPath(target.path));
    return match === undefined ? [] : [{ ...match, taken: rules.taken }];
  });
  const routes = serving(matches).flatMap(({ primary, canaries }) =>
    [primary, ...canaries].map((claim) => routeOf(claim, asked)),
  );
  if (routes.length > 0) return { routes };
  const inside = clusterService(evidence, target.host);
  if (inside !== undefined) return { routes: [inside] };
  const problem = notServed(evidence, target, sets);
  return { routes: controllerDefaults(evidence, asked), problem };
}

interface Match {
  readonly primary: Claim;
  readonly canaries: readonly Claim[];
  readonly taken: boolean;
}

/**
 * Matches by a rule go before default backends. An Ingress that no controller takes counts only
 * when it is more specific than what really serves: then it is what its author expected.
 */
function serving(matches: readonly Match[]): Match[] {
  const byRule = matches.filter((m) => !m.primary.isDefault);
  const best = byRule.length > 0 ? byRule : matches;
  const taken = best.filter((m) => m.taken);
  if (taken.length === 0) return [...best];
  const orphans = best.filter((m) => !m.taken && taken.every((t) => moreSpecific(m.primary, t.primary) < 0));
  return [...taken, ...orphans];
}

/** "cart.shop.svc", "cart.shop.svc.cluster.local" name a Service from inside the cluster. */
function clusterService(evidence: Evidence, host: string): Route | undefined {
  const [name = "", namespace = "", svc] = host.split(".");
  if (svc !== "svc") return undefined;
  const service = get(evidence, "services", name, namespace);
  return service.state === "present" ? serviceRoute(service.value) : undefined;
}

function notServed(evidence: Evidence, target: UrlTarget, sets: readonly RuleSet[]): RouteProblem {
  const where = target.namespace === undefined ? "" : ` in namespace ${target.namespace}`;
  const note = unreadNote(evidence, "ingresses");
  const hosts = sets.flatMap((rules) => hostsFor(rules, target.host).map((host) => ({ rules, host })));
  if (hosts.length > 0) {
    const paths = hosts.flatMap(({ rules, host }) =>
      rules.claims.filter((c) => c.host === host && !c.isDefault),
    );
    const near = [...new Set(paths.map((c) => c.path))].sort(compareText);
    return {
      message: `no path of host ${target.host}${where} takes ${target.path}: its gateway answers 404 by itself${note}.`,
      near: near.slice(0, 5).map((path) => `${target.host}${path}`),
    };
  }
  const known = [...new Set(sets.flatMap((rules) => rules.ingresses.flatMap(hostsOf)))].filter(
    (h) => h !== "",
  );
  const near = nearestNames(target.host, known, 5);
  const some = near.length > 0 ? near : known.sort(compareText).slice(0, 5);
  return { message: `no Ingress${where} serves host ${target.host}${note}.`, near: some };
}

/** Where ingress-nginx sends what no rule takes, when it was started with `--default-backend-service`. */
function controllerDefaults(evidence: Evidence, asked: string): Route[] {
  const named = gatewayProcesses(evidence).flatMap((p) => {
    const [namespace = "", name = ""] = (p.defaultBackend ?? "").split("/");
    const service = get(evidence, "services", name, namespace);
    return service.state === "present" ? [{ kind: p.kind, service: service.value }] : [];
  });
  return named.map(({ kind, service }) => ({
    ...serviceRoute(service),
    target: asked,
    gatewayKind: kind,
    isDefaultBackend: true,
  }));
}
