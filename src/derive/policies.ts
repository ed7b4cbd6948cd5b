import type { NetworkPolicy } from "kubernetes-types/networking/v1";
import { type Evidence, list, nameOf, namespaceOf } from "../evidence/evidence.ts";
import { ref } from "../evidence/object-ref.ts";
import { type Observed, present, type Unknown, unknown } from "../evidence/observed.ts";
import { byName } from "./coverage.ts";
import { hasNoPods } from "./gateway-pods.ts";
import { type Party, partyOf, someParty } from "./policy-party.ts";
import { type Connection, isolating, judge, selects } from "./policy-verdict.ts";
import type { Gateway, PodView, PolicyView, Route } from "./views.ts";

type Pair = PolicyView["blocked"][number];

/**
 * What NetworkPolicies say of every gateway pod → backend pod on the backend's target port, into
 * the backend and out of the gateway. Unknown when policies or labels that decide were not read,
 * unless some pair is blocked whatever those say.
 */
export function derivePolicies(
  evidence: Evidence,
  route: Route,
  pods: Observed<readonly PodView[]>,
  gateway: Observed<Gateway>,
): Observed<PolicyView> {
  if (pods.state === "unknown") return pods;
  const policies = list(evidence, "networkpolicies", route.namespace);
  if (policies.state !== "present") return policies;
  const sources = sourcesOf(evidence, gateway);
  const targets = (pods.state === "present" ? pods.value : []).filter(isAlive);
  const judged = targets.flatMap((target) => {
    const to = partyOf(evidence, target);
    return target.targetPort === undefined
      ? []
      : sources.flatMap((from) =>
          judgePair(evidence, policies.value, from, to, target, target.targetPort ?? 0),
        );
  });
  const blocked = judged.filter((j) => j.state === "blocked").map((j) => j.pair);
  const unread = judged.find((j) => j.unread !== undefined)?.unread ?? gatewayUnread(gateway, targets);
  if (blocked.length === 0 && unread !== undefined) return unread;
  const doubtful = judged.filter((j) => j.state === "doubtful").map((j) => j.pair);
  return present({
    blocked,
    ...(doubtful.length === 0 ? {} : { doubtful }),
    pairs: sources.length * targets.filter((t) => t.targetPort !== undefined).length,
    selecting: selecting(evidence, policies.value, [...sources, ...targets.map((t) => partyOf(evidence, t))]),
  });
}

/** Without a known gateway pod there is one source of which nothing is known but that it is not the backend. */
function sourcesOf(evidence: Evidence, gateway: Observed<Gateway>): readonly Party[] {
  const known = gateway.state === "present" ? gateway.value.pods.filter(isAlive) : [];
  if (known.length > 0) return known.map((pod) => partyOf(evidence, pod));
  return [someParty(gateway.state === "present" ? gateway.value.kind : "unknown")];
}

function gatewayUnread(gateway: Observed<Gateway>, targets: readonly PodView[]): Unknown | undefined {
  if (targets.length === 0) return undefined;
  if (gateway.state === "unknown") return gateway;
  if (gateway.state === "absent") return unknown("gateway", gateway.why);
  const knowable = gateway.value.pods.length > 0 || hasNoPods(gateway.value.kind);
  return knowable ? undefined : unknown("gateway", "no pod of the gateway is known");
}

const isAlive = (pod: PodView): boolean => pod.phase !== "Succeeded" && pod.phase !== "Failed";

interface Judged {
  readonly state: "blocked" | "doubtful";
  readonly pair: Pair;
  readonly unread?: Unknown;
}

function judgePair(
  evidence: Evidence,
  ingressPolicies: readonly NetworkPolicy[],
  from: Party,
  to: Party,
  destination: PodView,
  port: number,
): readonly Judged[] {
  if (sameNodeAsHost(from, to)) return [];
  const ways: Connection[] = [{ direction: "ingress", selected: to, other: from, destination, port }];
  if (from.pod !== undefined)
    ways.push({ direction: "egress", selected: from, other: to, destination, port });
  return ways.flatMap((way) => judgeWay(evidence, ingressPolicies, way, from, to));
}

function judgeWay(
  evidence: Evidence,
  ingressPolicies: readonly NetworkPolicy[],
  way: Connection,
  from: Party,
  to: Party,
): readonly Judged[] {
  const { direction, port } = way;
  const pair = (policies: readonly NetworkPolicy[], why: string): Pair => ({
    from: from.ref,
    to: to.ref,
    port,
    direction,
    policies: policies.map((p) => ref("NetworkPolicy", nameOf(p), namespaceOf(p))),
    why,
  });
  const listed =
    direction === "ingress" ? present(ingressPolicies) : list(evidence, "networkpolicies", from.namespace);
  if (listed.state !== "present") {
    const missing = listed.state === "unknown" ? listed : unknown("network-policies", listed.why);
    return [
      {
        state: "doubtful",
        pair: pair([], `policies of namespace ${from.namespace}: ${missing.reason}`),
        unread: missing,
      },
    ];
  }
  const verdict = judge(isolating(listed.value, way.selected, direction), way);
  if (verdict.allowed === "yes") return [];
  if (way.selected.host) return [{ state: "doubtful", pair: pair(verdict.policies, hostText(verdict.why)) }];
  if (verdict.allowed === "no") return [{ state: "blocked", pair: pair(verdict.policies, verdict.why) }];
  if (way.other.host) return [{ state: "doubtful", pair: pair(verdict.policies, hostText(verdict.why)) }];
  const reason = `labels or addresses of ${way.other.namespace === "" ? "the gateway" : `namespace ${way.other.namespace}`} were not read`;
  return [
    { state: "doubtful", pair: pair(verdict.policies, verdict.why), unread: unknown("namespaces", reason) },
  ];
}

/** Which rules match a host-network pod depends on the network plugin. */
const hostText = (why: string): string =>
  `${why}; a host-network pod is matched by address only in most network plugins`;

/** Traffic between a pod and its own node is always allowed, whatever the policies say. */
const sameNodeAsHost = (from: Party, to: Party): boolean =>
  (from.host || to.host) && from.pod?.node !== undefined && from.pod.node === to.pod?.node;

function selecting(
  evidence: Evidence,
  routePolicies: readonly NetworkPolicy[],
  parties: readonly Party[],
): readonly NetworkPolicy[] {
  const others = parties.flatMap((party) => {
    const listed = list(evidence, "networkpolicies", party.namespace);
    return party.pod !== undefined && listed.state === "present" ? listed.value : [];
  });
  const all = [...new Set([...routePolicies, ...others])];
  return all
    .filter((p) => parties.some((party) => party.pod !== undefined && selects(p, party)))
    .sort(byName);
}
