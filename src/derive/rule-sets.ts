import type { Ingress } from "kubernetes-types/networking/v1";
import { type Evidence, nameOf, namespaceOf } from "../evidence/evidence.ts";
import { objectsOf } from "./coverage.ts";
import { assignClass } from "./ingress-class.ts";
import { aliasesOf, type Claim, claimsOf, hasServiceBackend, hostsOf, isCanary } from "./ingress-claims.ts";
import { oncePer } from "./once.ts";
import { compareText, timeMs } from "./shape.ts";
import type { GatewayKind } from "./views.ts";

/** Ingresses that one controller merges, oldest first, and what they claim. */
export interface RuleSet {
  readonly kind: GatewayKind;
  /** False: nothing in the cluster takes these Ingresses. */
  readonly taken: boolean;
  readonly ingresses: readonly Ingress[];
  readonly claims: readonly Claim[];
  /** Hosts of Ingresses that are no canaries; "" for rules without a host. */
  readonly hosts: ReadonlySet<string>;
  /** Claims of rules by host, without canaries and default backends. */
  readonly byHost: ReadonlyMap<string, readonly Claim[]>;
  readonly canaries: readonly Claim[];
  /** ingress-nginx `server-alias` → the host it stands for. */
  readonly aliases: ReadonlyMap<string, string>;
  /**
   * By named host, the default backend of the oldest Ingress that names it. In ingress-nginx it serves the
   * host's paths that no rule claims (internal/ingress/controller/controller.go `createServers`).
   */
  readonly hostDefaults: ReadonlyMap<string, Claim>;
  /** The oldest default backend of an Ingress without rules; other gateways take one with rules as well. */
  readonly catchAll?: Claim;
}

/** Every Ingress that was read, grouped by the controller that answers for it; those nobody takes come last. */
export const ruleSets = oncePer((evidence: Evidence): readonly RuleSet[] => {
  const assigned = objectsOf(evidence, "ingresses").map((ingress) => ({
    ingress,
    assignment: assignClass(evidence, ingress),
  }));
  const groups = Map.groupBy(assigned, ({ assignment: { taken, controller, kind } }) =>
    JSON.stringify([taken ? 0 : 1, controller, kind]),
  );
  return [...groups]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([, members]) => {
      const sorted = members.toSorted((a, b) => byAge(a.ingress, b.ingress));
      const first = sorted[0];
      if (first === undefined) return [];
      const claims = sorted.flatMap(({ ingress, assignment }) => claimsOf(ingress, assignment));
      const ingresses = sorted.map((m) => m.ingress);
      return [ruleSetOf(first.assignment.kind, first.assignment.taken, ingresses, claims)];
    });
});

/** -n narrows what is looked at, though the gateway itself merges the Ingresses of every namespace. */
export function inNamespace(rules: RuleSet, namespace: string | undefined): RuleSet {
  if (namespace === undefined) return rules;
  const isHere = (ingress: Ingress): boolean => namespaceOf(ingress) === namespace;
  const claims = rules.claims.filter((c) => isHere(c.ingress));
  return ruleSetOf(rules.kind, rules.taken, rules.ingresses.filter(isHere), claims);
}

/** Both lists oldest first. */
function ruleSetOf(
  kind: GatewayKind,
  taken: boolean,
  ingresses: readonly Ingress[],
  claims: readonly Claim[],
): RuleSet {
  const primary = claims.filter((c) => c.role === "primary");
  const defaults = primary.filter((c) => c.isDefault && hasServiceBackend(c));
  const primaryIngresses = ingresses.filter((ingress) => !isCanary(ingress));
  const ruleless = defaults.find((c) => hostsOf(c.ingress).length === 0);
  const catchAll = ruleless ?? (kind === "ingress-nginx" ? undefined : defaults[0]);
  return {
    kind,
    taken,
    ingresses,
    claims,
    hosts: new Set(primaryIngresses.flatMap(hostsOf)),
    byHost: Map.groupBy(
      primary.filter((c) => !c.isDefault),
      (c) => c.host,
    ),
    canaries: claims.filter((c) => c.role === "canary" && hasServiceBackend(c)),
    aliases: kind === "ingress-nginx" ? aliasMap(primaryIngresses) : new Map(),
    hostDefaults: hostDefaultsOf(primaryIngresses, defaults),
    ...(catchAll === undefined ? {} : { catchAll }),
  };
}

function aliasMap(ingresses: readonly Ingress[]): Map<string, string> {
  const aliases = new Map<string, string>();
  for (const ingress of ingresses) {
    const [host] = hostsOf(ingress);
    for (const alias of host === undefined ? [] : aliasesOf(ingress)) {
      if (!aliases.has(alias)) aliases.set(alias, host ?? "");
    }
  }
  return aliases;
}

function hostDefaultsOf(ingresses: readonly Ingress[], defaults: readonly Claim[]): Map<string, Claim> {
  const named = new Set<string>();
  const found = new Map<string, Claim>();
  for (const ingress of ingresses) {
    const own = defaults.find((c) => c.ingress === ingress);
    for (const host of hostsOf(ingress).filter((h) => h !== "")) {
      if (!named.has(host) && own !== undefined) found.set(host, own);
      named.add(host);
    }
  }
  return found;
}

/**
 * Oldest first; of one age, the name that sorts last first, as ingress-nginx does
 * (internal/ingress/controller/store `sortIngressSlice`).
 */
function byAge(a: Ingress, b: Ingress): number {
  return createdMs(a) - createdMs(b) || compareText(fullName(b), fullName(a));
}

const createdMs = (ingress: Ingress): number => timeMs(ingress.metadata?.creationTimestamp) ?? 0;

const fullName = (ingress: Ingress): string => `${namespaceOf(ingress)}/${nameOf(ingress)}`;
