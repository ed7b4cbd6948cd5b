import type { IPBlock, NetworkPolicyPeer } from "kubernetes-types/networking/v1";
import { contains, overlaps } from "./address-range.ts";
import { every, type Match, selectorMatches, selectorText, some } from "./label-selector.ts";
import type { Party } from "./policy-party.ts";
import { items } from "./shape.ts";

/** Whether the peers of one rule include a party; no peers at all mean everyone. */
export function peersMatch(
  peers: readonly NetworkPolicyPeer[] | null | undefined,
  policyNamespace: string,
  party: Party,
): Match {
  const listed = items(peers);
  if (listed.length === 0) return "yes";
  return some(listed.map((peer) => peerMatches(peer, policyNamespace, party)));
}

/** Selectors within one peer both have to match; a pod selector alone means the policy's own namespace. */
function peerMatches(peer: NetworkPolicyPeer, policyNamespace: string, party: Party): Match {
  if (peer.ipBlock) return blockMatches(peer.ipBlock, party);
  if (!peer.namespaceSelector && !peer.podSelector) return "no";
  if (party.pod === undefined) return "unknown";
  const inNamespace = peer.namespaceSelector
    ? selectorMatches(peer.namespaceSelector, party.namespaceLabels)
    : party.namespace === policyNamespace
      ? "yes"
      : "no";
  const isPod = peer.podSelector ? selectorMatches(peer.podSelector, party.labels) : "yes";
  const match = every([inNamespace, isPod]);
  return match === "yes" && party.host ? "unknown" : match;
}

function blockMatches(block: IPBlock, party: Party): Match {
  const except = items(block.except);
  if (party.pod === undefined) return coversAll(block) ? "yes" : "unknown";
  if (party.ips.length === 0) return coversAll(block) ? "yes" : "unknown";
  const answers = party.ips.map((ip) => addressMatches(ip, block.cidr, except));
  const match = some(answers);
  const tunnel = match === "no" && party.nodeRanges.some((range) => overlaps(range, block.cidr));
  return tunnel ? "unknown" : match;
}

function addressMatches(ip: string, cidr: string, except: readonly string[]): Match {
  const inside = contains(cidr, ip);
  if (inside === undefined) return "unknown";
  if (!inside) return "no";
  const excluded = except.map((range) => contains(range, ip));
  if (excluded.includes(true)) return "no";
  return excluded.includes(undefined) ? "unknown" : "yes";
}

const coversAll = (block: IPBlock): boolean =>
  (block.cidr === "0.0.0.0/0" || block.cidr === "::/0") && items(block.except).length === 0;

/** "pods app=api of namespace shop", "addresses 10.0.0.0/8 except 10.1.0.0/16"; "everyone" without peers. */
export function peersText(
  peers: readonly NetworkPolicyPeer[] | null | undefined,
  policyNamespace: string,
): string {
  return (
    items(peers)
      .map((peer) => peerText(peer, policyNamespace))
      .join(" or ") || "everyone"
  );
}

function peerText(peer: NetworkPolicyPeer, policyNamespace: string): string {
  if (peer.ipBlock) {
    const except = items(peer.ipBlock.except).join(", ");
    return `addresses ${peer.ipBlock.cidr}${except === "" ? "" : ` except ${except}`}`;
  }
  const pods = peer.podSelector ? selectorText(peer.podSelector) : "everything";
  const who = pods === "everything" ? "every pod" : `pods ${pods}`;
  if (!peer.namespaceSelector) return `${who} of namespace ${policyNamespace}`;
  const namespaces = selectorText(peer.namespaceSelector);
  return namespaces === "everything" ? `${who} of any namespace` : `${who} of namespaces ${namespaces}`;
}
