import { type Claim, hasServiceBackend } from "./ingress-claims.ts";
import { matchLocation } from "./ingress-nginx-locations.ts";
import { moreSpecific, pathMatches } from "./ingress-paths.ts";
import type { RuleSet } from "./rule-sets.ts";
import type { GatewayKind } from "./views.ts";

export interface RuleMatch {
  readonly primary: Claim;
  readonly canaries: readonly Claim[];
}

/** Gateways that try the next host when no path of the best host matches; the others stay with the host. */
const fallsThrough: readonly GatewayKind[] = ["traefik", "kong", "aws-lbc", "haproxy", "other", "unknown"];

/** The rule of this controller that serves a request; undefined when it would answer by itself (404). */
export function matchRequest(rules: RuleSet, host: string, path: string): RuleMatch | undefined {
  const primary = primaryFor(rules, host, path);
  return primary === undefined ? undefined : { primary, canaries: canariesOf(rules, primary) };
}

function primaryFor(rules: RuleSet, host: string, path: string): Claim | undefined {
  const tried = hostsFor(rules, host);
  for (const candidate of tried) {
    const claim = claimOfHost(rules, candidate, path);
    if (claim !== undefined) return claim;
  }
  return tried.length === 0 || fallsThrough.includes(rules.kind) ? rules.catchAll : undefined;
}

/** In ingress-nginx a catch-all Ingress takes the root path from rules without a host. */
function claimOfHost(rules: RuleSet, host: string, path: string): Claim | undefined {
  const claims = rules.byHost.get(host) ?? [];
  if (rules.kind !== "ingress-nginx") {
    return claims.filter((c) => pathMatches(c, rules.kind, path)).toSorted(moreSpecific)[0];
  }
  const served = claims.filter(hasServiceBackend);
  const root = host === "" && rules.catchAll !== undefined ? [rules.catchAll] : [];
  return matchLocation([...root, ...served], path) ?? rules.hostDefaults.get(host);
}

/** The hosts whose rules are tried for a request: its own, then the wildcard, then rules without a host (""). */
export function hostsFor(rules: RuleSet, host: string): string[] {
  const alias = rules.hosts.has(host) ? undefined : rules.aliases.get(host);
  if (alias !== undefined) return [alias];
  const wildcard = `*${host.slice(host.indexOf("."))}`;
  const candidates = [host, ...(host.indexOf(".") > 0 ? [wildcard] : []), ""];
  const found = [...new Set(candidates)].filter((h) => rules.hosts.has(h));
  return fallsThrough.includes(rules.kind) ? found : found.slice(0, 1);
}

/** Claims without those that an older Ingress has taken: the same host, path and path type. */
export function winningClaims(rules: RuleSet): Claim[] {
  const taken = new Set<string>();
  return rules.claims.filter((claim) => {
    if (claim.isDefault || claim.role === "canary") return true;
    const key = `${claim.host}${claim.path} ${rules.kind === "ingress-nginx" ? nginxType(claim) : claim.pathType}`;
    return !taken.has(key) && taken.add(key);
  });
}

/** A canary joins the rule with the same host, path and path type (`mergeAlternativeBackends`). */
function canariesOf(rules: RuleSet, primary: Claim): Claim[] {
  return rules.canaries.filter(
    (c) =>
      c.isDefault === primary.isDefault &&
      c.host === primary.host &&
      c.path === primary.path &&
      nginxType(c) === nginxType(primary) &&
      !sameBackend(c, primary),
  );
}

/** ingress-nginx reads everything but Exact as Prefix (internal/k8s `SetDefaultNGINXPathType`). */
const nginxType = (claim: Claim): string => (claim.pathType === "Exact" ? "Exact" : "Prefix");

export const sameBackend = (a: Pick<Claim, "backend">, b: Pick<Claim, "backend">): boolean =>
  JSON.stringify([a.backend.service, a.backend.port]) === JSON.stringify([b.backend.service, b.backend.port]);
