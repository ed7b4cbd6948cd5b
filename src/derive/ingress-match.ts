import type { Ingress } from "kubernetes-types/networking/v1";
import { nameOf, namespaceOf } from "../evidence/evidence.ts";
import { aliasesOf, type Claim, hasServiceBackend, hostsOf, isCanary } from "./ingress-claims.ts";
import { moreSpecific, pathMatches } from "./ingress-paths.ts";
import { matchLocation } from "./ingress-nginx-locations.ts";
import { compareText, timeMs } from "./shape.ts";
import type { GatewayKind } from "./views.ts";

/** Ingresses that one controller merges, oldest first, and everything they claim. */
export interface RuleSet {
  readonly kind: GatewayKind;
  readonly taken: boolean;
  readonly ingresses: readonly Ingress[];
  readonly claims: readonly Claim[];
}

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
  return tried.length === 0 || fallsThrough.includes(rules.kind) ? catchAll(rules) : undefined;
}

function claimOfHost(rules: RuleSet, host: string, path: string): Claim | undefined {
  const claims = rules.claims.filter((c) => c.host === host && !c.isDefault && c.role === "primary");
  if (rules.kind !== "ingress-nginx") {
    return claims.filter((c) => pathMatches(c, rules.kind, path)).toSorted(moreSpecific)[0];
  }
  const served = claims.filter(hasServiceBackend);
  const fallback = host === "" ? catchAll(rules) : hostDefault(rules, host);
  const root = fallback?.path === "/" && host === "" ? [fallback] : [];
  return matchLocation([...root, ...served], path) ?? fallback;
}

/** The hosts whose rules are tried for a request: its own, then the wildcard, then rules without a host (""). */
export function hostsFor(rules: RuleSet, host: string): string[] {
  const primaries = rules.ingresses.filter((ingress) => !isCanary(ingress));
  const known = new Set(primaries.flatMap(hostsOf));
  const aliased = primaries.find((ingress) => aliasesOf(ingress).includes(host));
  if (aliased !== undefined && rules.kind === "ingress-nginx" && !known.has(host)) {
    return [hostsOf(aliased)[0] ?? ""];
  }
  const wildcard = `*${host.slice(host.indexOf("."))}`;
  const found = [host, ...(host.indexOf(".") > 0 ? [wildcard] : []), ""].filter((h) => known.has(h));
  return fallsThrough.includes(rules.kind) ? found : found.slice(0, 1);
}

/**
 * In ingress-nginx the default backend of the oldest Ingress that names the host serves the host's
 * paths that no rule claims (internal/ingress/controller/controller.go `createServers`).
 */
function hostDefault(rules: RuleSet, host: string): Claim | undefined {
  const first = rules.ingresses.find((ingress) => !isCanary(ingress) && hostsOf(ingress).includes(host));
  return rules.claims.find((c) => c.ingress === first && c.isDefault && hasServiceBackend(c));
}

/** The oldest Ingress that has a default backend and no rule; other gateways take one with rules as well. */
function catchAll(rules: RuleSet): Claim | undefined {
  const defaults = rules.claims.filter((c) => c.isDefault && c.role === "primary" && hasServiceBackend(c));
  const ruleless = defaults.find((c) => hostsOf(c.ingress).length === 0);
  return ruleless ?? (rules.kind === "ingress-nginx" ? undefined : defaults[0]);
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
  return rules.claims.filter(
    (c) =>
      c.role === "canary" &&
      hasServiceBackend(c) &&
      c.isDefault === primary.isDefault &&
      c.host === primary.host &&
      c.path === primary.path &&
      nginxType(c) === nginxType(primary) &&
      !sameBackend(c, primary),
  );
}

/** ingress-nginx reads everything but Exact as Prefix (internal/k8s `SetDefaultNGINXPathType`). */
const nginxType = (claim: Claim): string => (claim.pathType === "Exact" ? "Exact" : "Prefix");

const sameBackend = (a: Claim, b: Claim): boolean =>
  JSON.stringify([a.backend.service, a.backend.port]) === JSON.stringify([b.backend.service, b.backend.port]);

/**
 * Oldest first; of one age, the name that sorts last first, as ingress-nginx does
 * (internal/ingress/controller/store `sortIngressSlice`).
 */
export function byAge(a: Ingress, b: Ingress): number {
  return createdMs(a) - createdMs(b) || compareText(fullName(b), fullName(a));
}

const createdMs = (ingress: Ingress): number => timeMs(ingress.metadata?.creationTimestamp) ?? 0;

const fullName = (ingress: Ingress): string => `${namespaceOf(ingress)}/${nameOf(ingress)}`;
