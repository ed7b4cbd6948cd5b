import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from "kubernetes-types/networking/v1";
import { matchesSelector } from "../../controllers/label-match.ts";
import { contains, without } from "../addresses.ts";
import type { Filter } from "../pod-network.ts";
import type { Allowed, PortRange } from "../rules.ts";

type Labels = Readonly<Record<string, string>>;

export interface PolicyPod {
  readonly namespace: string;
  readonly labels: Labels;
  readonly address: string;
  /** Container ports by name. */
  readonly ports: Readonly<Record<string, number>>;
}

export interface PolicyView {
  readonly policies: readonly NetworkPolicy[];
  readonly pods: readonly PolicyPod[];
  namespaceLabels(namespace: string): Labels;
}

/** What NetworkPolicies let a pod hear and reach. No policy of a direction selects it: all. */
export function admittedBy(view: PolicyView, pod: PolicyPod): Filter {
  const own = view.policies.filter(
    ({ metadata, spec }) =>
      (metadata?.namespace ?? "default") === pod.namespace &&
      matchesSelector(spec?.podSelector ?? {}, pod.labels),
  );
  const ingress = own.filter((policy) => isOf(policy, "Ingress"));
  const egress = own.filter((policy) => isOf(policy, "Egress"));
  return {
    ingress: none(ingress) ?? ingress.flatMap((p) => allowedIn(view, pod, p)),
    egress: none(egress) ?? egress.flatMap((p) => allowedOut(view, p)),
  };
}

const none = (policies: readonly NetworkPolicy[]): "all" | undefined =>
  policies.length === 0 ? "all" : undefined;

/** Without policyTypes: ingress always, egress when there is a rule for it (kubernetes/api networking/v1 types.go). */
const isOf = ({ spec }: NetworkPolicy, type: "Ingress" | "Egress"): boolean =>
  spec?.policyTypes?.includes(type) ?? (type === "Ingress" || (spec?.egress ?? []).length > 0);

function allowedIn(view: PolicyView, pod: PolicyPod, policy: NetworkPolicy): Allowed[] {
  return (policy.spec?.ingress ?? []).flatMap(({ from, ports }) =>
    peersOf(view, policy, from).map(({ range }) => ({ range, ports: portsOf(ports, pod) })),
  );
}

function allowedOut(view: PolicyView, policy: NetworkPolicy): Allowed[] {
  return (policy.spec?.egress ?? []).flatMap(({ to, ports }) =>
    peersOf(view, policy, to).map(({ range, pod }) => ({ range, ports: portsOf(ports, pod) })),
  );
}

interface Peer {
  readonly range: string;
  readonly pod?: PolicyPod;
}

function peersOf(
  view: PolicyView,
  policy: NetworkPolicy,
  peers: readonly NetworkPolicyPeer[] | undefined,
): Peer[] {
  if (peers === undefined || peers.length === 0) return [{ range: "0.0.0.0/0" }];
  const home = policy.metadata?.namespace ?? "default";
  return peers.flatMap(({ ipBlock, podSelector, namespaceSelector }) => {
    if (ipBlock !== undefined) {
      const isIpv6 = ipBlock.cidr.includes(":");
      return isIpv6 ? [] : without(ipBlock.cidr, ipBlock.except ?? []).map((range) => ({ range }));
    }
    return view.pods
      .filter(
        ({ namespace, labels }) =>
          (namespaceSelector === undefined
            ? namespace === home
            : matchesSelector(namespaceSelector, view.namespaceLabels(namespace))) &&
          (podSelector === undefined || matchesSelector(podSelector, labels)),
      )
      .map((pod) => ({ range: `${pod.address}/32`, pod }));
  });
}

/** @param pod whose container ports the names are of; a name it lacks admits nothing */
function portsOf(
  ports: readonly NetworkPolicyPort[] | undefined,
  pod: PolicyPod | undefined,
): Allowed["ports"] {
  if (ports === undefined || ports.length === 0) return "all";
  return ports.flatMap(({ protocol = "TCP", port, endPort }): PortRange[] => {
    const kind = protocol.toLowerCase();
    if (kind !== "tcp" && kind !== "udp") return [];
    if (port === undefined) return [{ protocol: kind, low: 1, high: 65_535 }];
    const low = typeof port === "number" ? port : pod?.ports[port];
    return low === undefined ? [] : [{ protocol: kind, low, high: endPort ?? low }];
  });
}

/** Whether a list lets this through. */
export const admits = (
  allowed: readonly Allowed[] | "all",
  address: string,
  protocol: "tcp" | "udp",
  port: number,
): boolean =>
  allowed === "all" ||
  allowed.some(
    (a) =>
      contains(a.range, address) &&
      (a.ports === "all" || a.ports.some((p) => p.protocol === protocol && p.low <= port && port <= p.high)),
  );
