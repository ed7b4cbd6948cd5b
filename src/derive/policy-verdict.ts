import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from "kubernetes-types/networking/v1";
import { nameOf, namespaceOf } from "../evidence/evidence.ts";
import { refText } from "../evidence/object-ref.ts";
import { type Match, selectorMatches } from "./label-selector.ts";
import type { Party } from "./policy-party.ts";
import { peersMatch, peersText } from "./policy-peer.ts";
import { portsMatch, portsText } from "./policy-ports.ts";
import { items } from "./shape.ts";
import type { PodView } from "./views.ts";

export type Direction = "ingress" | "egress";

/** One connection attempt: the pod that policies select, its other end, and the destination's port. */
export interface Connection {
  readonly direction: Direction;
  readonly selected: Party;
  readonly other: Party;
  readonly destination: PodView;
  readonly port: number;
}

export interface PolicyVerdict {
  readonly allowed: Match;
  /** Policies that isolate the selected pod in this direction. */
  readonly policies: readonly NetworkPolicy[];
  /** Empty when allowed. */
  readonly why: string;
}

/** Policies of one direction that select a pod. The API server's defaulting: pkg/apis/networking/v1/defaults.go. */
export function isolating(
  policies: readonly NetworkPolicy[],
  party: Party,
  direction: Direction,
): readonly NetworkPolicy[] {
  return policies.filter((p) => governs(p, direction) && selects(p, party));
}

/** A missing pod selector is the empty one, which selects every pod of the namespace. */
export const selects = (policy: NetworkPolicy, party: Party): boolean =>
  namespaceOf(policy) === party.namespace &&
  selectorMatches(policy.spec?.podSelector ?? {}, party.labels) === "yes";

function governs(policy: NetworkPolicy, direction: Direction): boolean {
  const types = items(policy.spec?.policyTypes);
  if (types.length > 0) return types.includes(direction === "ingress" ? "Ingress" : "Egress");
  return direction === "ingress" || items(policy.spec?.egress).length > 0;
}

/** Rules of several policies add up: the connection is allowed when any rule of any of them allows it. */
export function judge(policies: readonly NetworkPolicy[], connection: Connection): PolicyVerdict {
  if (policies.length === 0) return { allowed: "yes", policies, why: "" };
  const rules = policies.flatMap((policy) => rulesOf(policy, connection.direction));
  let allowed: Match = "no";
  for (const rule of rules) {
    if (!portsMatch(rule.ports, connection.port, connection.destination)) continue;
    const match = peersMatch(rule.peers, namespaceOf(rule.policy), connection.other);
    if (match === "yes") return { allowed: "yes", policies, why: "" };
    if (match === "unknown") allowed = "unknown";
  }
  return { allowed, policies, why: explain(policies, rules, connection) };
}

interface Rule {
  readonly policy: NetworkPolicy;
  readonly peers: readonly NetworkPolicyPeer[] | undefined;
  readonly ports: readonly NetworkPolicyPort[] | undefined;
}

function rulesOf(policy: NetworkPolicy, direction: Direction): readonly Rule[] {
  return direction === "ingress"
    ? items(policy.spec?.ingress).map((r) => ({ policy, peers: r.from, ports: r.ports }))
    : items(policy.spec?.egress).map((r) => ({ policy, peers: r.to, ports: r.ports }));
}

/** At most three rules are quoted, those that come nearest to allowing it first. */
function explain(policies: readonly NetworkPolicy[], rules: readonly Rule[], c: Connection): string {
  const names = policies.map((p) => `${namespaceOf(p)}/${nameOf(p)}`).join(", ");
  const subject = policies.length === 1 ? `NetworkPolicy ${names}` : `NetworkPolicies ${names}`;
  const verb = policies.length === 1 ? "allows" : "allow";
  const to = c.direction === "ingress" ? "into" : "out of";
  const which = `${subject} ${verb}`;
  if (rules.length === 0) return `${which} nothing ${to} ${refText(c.selected.ref)}`;
  const word = c.direction === "ingress" ? "from" : "to";
  const quoted = rules
    .map((r) => ({ r, portFits: portsMatch(r.ports, c.port, c.destination) }))
    .sort((a, b) => Number(b.portFits) - Number(a.portFits))
    .slice(0, 3)
    .map(({ r }) => `${portsText(r.ports)} ${word} ${peersText(r.peers, namespaceOf(r.policy))}`);
  return `${which} ${to} ${refText(c.selected.ref)} only ${quoted.join("; ")}`;
}
