import type { Namespace, Pod } from "kubernetes-types/core/v1";
import type { NetworkPolicy } from "kubernetes-types/networking/v1";
import type { Store } from "../../api-server/store.ts";
import { plan } from "../addresses.ts";
import { debounced } from "../debounced.ts";
import type { Filter, PodNetwork } from "../pod-network.ts";
import type { Allowed } from "../rules.ts";
import { admits, admittedBy, type PolicyPod, type PolicyView } from "./admitted.ts";

export interface Enforcement {
  /** Whether policies let a connection through, for what answers or forwards in the root namespace. */
  permits(from: string, to: string, protocol: "tcp" | "udp", port: number): boolean;
  stop(): Promise<void>;
}

const everything: Filter = { ingress: "all", egress: "all" };

/** The cluster's DNS as policies see it: pods that serve behind its address. */
const dnsPod: PolicyPod = {
  namespace: "kube-system",
  labels: { "k8s-app": "kube-dns" },
  address: plan.dns,
  ports: { dns: 53, "dns-tcp": 53 },
};

/**
 * Keeps the NetworkPolicies of the store in force on the network; a change holds a moment later, as in a cluster.
 * Unlike with most network plugins, connections that stand are cut too when a new policy forbids them.
 */
export function enforcePolicies(store: Store, network: PodNetwork, delayMs = 50): Enforcement {
  let filters = new Map<string, Filter>();
  const sync = async (): Promise<void> => {
    const view = viewOf(store, network);
    const next = new Map<string, Filter>();
    for (const pod of network.pods()) {
      const known = policyPod(store, network, pod);
      next.set(pod, known === undefined ? everything : admittedBy(view, known));
    }
    filters = next;
    await Promise.all([...next].map(([pod, filter]) => network.admit(pod, onTheWire(filter))));
  };
  const soon = debounced(sync, delayMs);
  const unsubscribe = store.subscribe(({ resource }) => {
    if (resource === "networkpolicies" || resource === "pods" || resource === "namespaces") soon.call();
  });
  const forget = network.onPods(soon.call);
  soon.call();
  const filterAt = (address: string): Filter => filters.get(network.podAt(address) ?? "") ?? everything;
  return {
    permits: (from, to, protocol, port) =>
      admits(filterAt(from).egress, to, protocol, port) && admits(filterAt(to).ingress, from, protocol, port),
    stop: async () => {
      unsubscribe();
      forget();
      await soon.stop();
    },
  };
}

/**
 * Probes come from the node, past all policies, and so do relayed connections to Services, which the relay and
 * the DNS judge by the pods behind them.
 */
const onTheWire = ({ ingress, egress }: Filter): Filter => ({
  ingress: plus(ingress, plan.nodes),
  egress: plus(egress, plan.services),
});

const plus = (allowed: Filter["ingress"], range: string): readonly Allowed[] | "all" =>
  allowed === "all" ? "all" : [{ range, ports: "all" }, ...allowed];

function viewOf(store: Store, network: PodNetwork): PolicyView {
  const pods = network.pods().flatMap((pod) => policyPod(store, network, pod) ?? []);
  return {
    policies: store.list("networkpolicies").map(({ object }) => object as NetworkPolicy),
    pods: [...pods, dnsPod],
    namespaceLabels: (namespace) => ({
      "kubernetes.io/metadata.name": namespace,
      ...(store.get("namespaces", namespace)?.object as Namespace | undefined)?.metadata?.labels,
    }),
  };
}

function policyPod(store: Store, network: PodNetwork, key: string): PolicyPod | undefined {
  const [namespace = "", name = ""] = key.split("/");
  const address = network.addressOf(key);
  const pod = store.get("pods", name, namespace)?.object as Pod | undefined;
  if (address === undefined || pod === undefined) return undefined;
  const ports = (pod.spec?.containers ?? []).flatMap((container) => container.ports ?? []);
  const named = ports.flatMap((p) => (p.name === undefined ? [] : [[p.name, p.containerPort] as const]));
  return { namespace, labels: pod.metadata?.labels ?? {}, address, ports: Object.fromEntries(named) };
}
