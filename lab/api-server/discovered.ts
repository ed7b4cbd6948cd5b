import type { Cluster } from "./cluster.ts";
import { readVerbs, type ServedResource } from "./served.ts";

/** A kind in a version of a group. */
export interface DiscoveredKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** One resource as discovery tells of it. */
export interface DiscoveredResource extends DiscoveredKind {
  readonly plural: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly subresources: readonly DiscoveredSubresource[];
}

interface DiscoveredSubresource extends DiscoveredKind {
  readonly name: string;
  readonly verbs: readonly string[];
}

export const allVerbs: readonly string[] = [
  "create",
  "delete",
  "deletecollection",
  "get",
  "list",
  "patch",
  "update",
  "watch",
];

/** Everything a cluster serves, stored or not. */
export function discovered(cluster: Cluster): DiscoveredResource[] {
  const isWritable = cluster.writes !== undefined;
  const stored = cluster.served().map((served) => storedResource(served, isWritable));
  return [...stored, ...reviews, ...(cluster.podUsage === undefined ? [] : metrics)];
}

function storedResource(served: ServedResource, isWritable: boolean): DiscoveredResource {
  const { group, version, kind, plural, singular, namespaced, shortNames, categories } = served;
  const same = { group, version, kind };
  const subresources = served.subresources.map((name): DiscoveredSubresource => {
    const verbs = name === "log" || !isWritable ? ["get"] : ["get", "patch", "update"];
    return { ...same, name, verbs };
  });
  return {
    ...same,
    plural,
    singular,
    namespaced,
    shortNames,
    categories,
    verbs: isWritable ? allVerbs : readVerbs,
    subresources: isWritable ? [...subresources, ...writtenSubresources(served)] : subresources,
  };
}

/** Resources with a scale. */
export const scalable: readonly string[] = [
  "deployments",
  "replicasets",
  "replicationcontrollers",
  "statefulsets",
];

function writtenSubresources({ plural, group }: ServedResource): DiscoveredSubresource[] {
  const scale = { group: "autoscaling", version: "v1", kind: "Scale" };
  if (scalable.includes(plural) && (group === "apps" || group === ""))
    return [{ ...scale, name: "scale", verbs: ["get", "patch", "update"] }];
  if (plural !== "pods") return [];
  return [
    { group: "", version: "v1", kind: "Binding", name: "binding", verbs: ["create"] },
    { group: "policy", version: "v1", kind: "Eviction", name: "eviction", verbs: ["create"] },
  ];
}

const plainOf = (group: string, version: string, kind: string) =>
  ({ group, version, kind, shortNames: [], categories: [], subresources: [] }) as const;

/** Review resources: created, never stored. */
const reviews: readonly DiscoveredResource[] = ["SelfSubjectAccessReview", "SelfSubjectRulesReview"].map(
  (kind) => ({
    ...plainOf("authorization.k8s.io", "v1", kind),
    plural: `${kind.toLowerCase()}s`,
    singular: kind.toLowerCase(),
    namespaced: false,
    verbs: ["create"],
  }),
);

/** What metrics-server adds. */
const metrics: readonly DiscoveredResource[] = [
  { plural: "nodes", kind: "NodeMetrics", namespaced: false },
  { plural: "pods", kind: "PodMetrics", namespaced: true },
].map(({ plural, kind, namespaced }) => ({
  ...plainOf("metrics.k8s.io", "v1beta1", kind),
  plural,
  singular: "",
  namespaced,
  verbs: ["get", "list"],
}));
