import { type Evidence, get } from "../evidence/evidence.ts";
import { type ObjectRef, ref } from "../evidence/object-ref.ts";
import { findObject } from "./coverage.ts";
import type { KnownLabels } from "./label-selector.ts";
import { items, texts } from "./shape.ts";
import type { PodView } from "./views.ts";

/** One end of a connection as NetworkPolicies see it. */
export interface Party {
  readonly ref: ObjectRef;
  /** Absent: nobody knows which pod this end is, so only rules for everyone are sure to match. */
  readonly pod?: PodView;
  readonly namespace: string;
  readonly namespaceLabels: KnownLabels;
  readonly labels: KnownLabels;
  readonly ips: readonly string[];
  /** In its node's network: selectors do not match it reliably, only addresses do. */
  readonly host: boolean;
  /** Pod address ranges of its node; overlays send the node's own traffic from one of these addresses. */
  readonly nodeRanges: readonly string[];
}

export function partyOf(evidence: Evidence, pod: PodView): Party {
  const namespace = pod.ref.namespace ?? "default";
  const node = pod.node === undefined ? undefined : findObject(evidence, "nodes", "", pod.node);
  return {
    ref: pod.ref,
    pod,
    namespace,
    namespaceLabels: namespaceLabels(evidence, namespace),
    labels: { labels: pod.labels, complete: true },
    ips: pod.ips.length > 0 ? pod.ips : pod.ip === undefined ? [] : [pod.ip],
    host: pod.hostNetwork,
    nodeRanges: pod.hostNetwork ? items(node?.spec?.podCIDRs ?? [node?.spec?.podCIDR ?? ""]) : [],
  };
}

/** A gateway of which only the name is known. */
export const someParty = (name: string): Party => ({
  ref: ref("Gateway", name),
  namespace: "",
  namespaceLabels: { labels: {}, complete: false },
  labels: { labels: {}, complete: false },
  ips: [],
  host: false,
  nodeRanges: [],
});

/** The API server gives every Namespace its own name as a label, so that one is known without reading it. */
function namespaceLabels(evidence: Evidence, namespace: string): KnownLabels {
  const own = { "kubernetes.io/metadata.name": namespace };
  const object = get(evidence, "namespaces", namespace);
  return object.state === "present"
    ? { labels: { ...texts(object.value.metadata?.labels), ...own }, complete: true }
    : { labels: own, complete: false };
}
