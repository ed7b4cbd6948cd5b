import type { Node, Pod } from "kubernetes-types/core/v1";
import { matchesSelector } from "../label-match.ts";
import { controllerOf, isBeingDeleted, namespaceOf } from "../objects.ts";
import type { NodeRoom } from "./node-room.ts";

const domainOf = (node: Node, topologyKey: string): string | undefined =>
  node.metadata?.labels?.[topologyKey];

/** Required pod anti-affinity of the pod itself (kubernetes pkg/scheduler/framework/plugins/interpodaffinity). */
export function isRepelled(pod: Pod, room: NodeRoom, rooms: readonly NodeRoom[]): boolean {
  const terms = pod.spec?.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  return terms.some(({ labelSelector, topologyKey, namespaces }) => {
    const domain = domainOf(room.node, topologyKey);
    if (domain === undefined) return false;
    const names = namespaces ?? [namespaceOf(pod)];
    return rooms
      .filter(({ node }) => domainOf(node, topologyKey) === domain)
      .some(({ pods }) =>
        pods.some(
          (other) =>
            names.includes(namespaceOf(other)) && matchesSelector(labelSelector, other.metadata?.labels),
        ),
      );
  });
}

/** Required topology spread (kubernetes pkg/scheduler/framework/plugins/podtopologyspread/filtering.go). */
export function isSkewed(pod: Pod, room: NodeRoom, rooms: readonly NodeRoom[]): boolean {
  const constraints = pod.spec?.topologySpreadConstraints ?? [];
  return constraints.some(({ whenUnsatisfiable, topologyKey, labelSelector, maxSkew }) => {
    if (whenUnsatisfiable !== "DoNotSchedule") return false;
    const domain = domainOf(room.node, topologyKey);
    if (domain === undefined) return true;
    const counts = new Map<string, number>();
    for (const { node, pods } of rooms) {
      const key = domainOf(node, topologyKey);
      if (key === undefined) continue;
      const matching = pods.filter(
        (other) =>
          namespaceOf(other) === namespaceOf(pod) &&
          !isBeingDeleted(other) &&
          matchesSelector(labelSelector, other.metadata?.labels),
      );
      counts.set(key, (counts.get(key) ?? 0) + matching.length);
    }
    const self = matchesSelector(labelSelector, pod.metadata?.labels) ? 1 : 0;
    return (counts.get(domain) ?? 0) + self - Math.min(...counts.values()) > maxSkew;
  });
}

const zoneLabel = "topology.kubernetes.io/zone";

/** Shares of CPU and memory that are asked for, together. */
const load = ({ requested, allocatable }: NodeRoom): number =>
  ["cpu", "memory"].reduce(
    (sum, name) => sum + (requested.get(name) ?? 0) / (allocatable.get(name) ?? Infinity),
    0,
  );

/** The node with the fewest of the same workload, then the zone, then the one with most room, then the first by name. */
export function bestOf(pod: Pod, fitting: readonly NodeRoom[], rooms: readonly NodeRoom[]): NodeRoom {
  const owner = controllerOf(pod)?.uid;
  const siblings = (room: NodeRoom): number =>
    owner === undefined ? 0 : room.pods.filter((other) => controllerOf(other)?.uid === owner).length;
  const inZone = (room: NodeRoom): number =>
    rooms
      .filter(({ node }) => domainOf(node, zoneLabel) === domainOf(room.node, zoneLabel))
      .reduce((sum, other) => sum + siblings(other), 0);
  const order = [...fitting].sort(
    (a, b) =>
      siblings(a) - siblings(b) ||
      inZone(a) - inZone(b) ||
      load(a) - load(b) ||
      a.pods.length - b.pods.length ||
      ((a.node.metadata?.name ?? "") < (b.node.metadata?.name ?? "") ? -1 : 1),
  );
  return order[0]!;
}
