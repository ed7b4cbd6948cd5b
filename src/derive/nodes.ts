import type { Node, NodeCondition } from "kubernetes-types/core/v1";
import { type Evidence, get, list, nameOf } from "../evidence/evidence.ts";
import { type Observed, present } from "../evidence/observed.ts";
import { compareText, items, maybe, texts, timeMs } from "./shape.ts";
import type { NodeView, PodView, Route } from "./views.ts";

/**
 * Every node that was read, sorted by name: a pending pod asks about nodes it is not on. A node
 * that a pod is bound to and that certainly no longer exists is listed with `missing`.
 */
export function deriveNodes(
  evidence: Evidence,
  _route: Route,
  pods: Observed<readonly PodView[]>,
): Observed<readonly NodeView[]> {
  const nodes = list(evidence, "nodes");
  if (nodes.state !== "present") return nodes;
  const views = nodes.value.map(nodeView);
  const seen = new Set(views.map((n) => n.name));
  const bound = pods.state === "present" ? pods.value.map((p) => p.node ?? "") : [];
  const gone = [...new Set(bound)].filter((name) => name !== "" && !seen.has(name));
  const missing = gone.filter((name) => get(evidence, "nodes", name).state === "absent").map(missingNode);
  return present([...views, ...missing].sort((a, b) => compareText(a.name, b.name)));
}

const pressureTypes = ["MemoryPressure", "DiskPressure", "PIDPressure"];

function nodeView(node: Node): NodeView {
  const conditions = items(node.status?.conditions);
  const isTrue = (type: string): boolean => conditions.some((c) => c.type === type && c.status === "True");
  const ready = conditions.find((c) => c.type === "Ready");
  return {
    name: nameOf(node),
    ready: ready?.status === "True" || ready?.status === "False" ? ready.status : "Unknown",
    ...readyReason(ready),
    ...maybe("readyChangedMs", timeMs(ready?.lastTransitionTime)),
    pressures: pressureTypes.filter(isTrue),
    unschedulable: node.spec?.unschedulable === true,
    taints: items(node.spec?.taints).map((t) => ({
      key: t.key,
      ...maybe("value", t.value),
      effect: t.effect,
    })),
    labels: texts(node.metadata?.labels),
    networkUnavailable: isTrue("NetworkUnavailable"),
  };
}

/** Without a Ready condition nothing was reported, which is not the same as a node that is down. */
function readyReason(ready: NodeCondition | undefined): Pick<NodeView, "readyReason"> {
  if (ready === undefined) return { readyReason: "no Ready condition reported" };
  return maybe("readyReason", ready.reason);
}

const missingNode = (name: string): NodeView => ({
  name,
  ready: "Unknown",
  readyReason: "no Node of that name",
  pressures: [],
  unschedulable: false,
  taints: [],
  labels: {},
  networkUnavailable: false,
  missing: true,
});
