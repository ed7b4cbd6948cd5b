import { allStoredResources, isWrittenOnly, storedKinds, type StoredResource } from "./stored-kinds.ts";

/** A resource as the API shows it: one row of discovery. */
export interface ServedResource {
  /** Plural name in paths: "pods". */
  readonly plural: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  /** Read paths below one object, each with its verb "get". */
  readonly subresources: readonly string[];
  /** Where its objects are stored. */
  readonly stored: StoredResource;
  /** Served from a CustomResourceDefinition: items of its lists name their own kind. */
  readonly custom: boolean;
}

export const readVerbs = ["get", "list", "watch"] as const;

export const apiVersionOf = (served: { readonly group: string; readonly version: string }): string =>
  served.group === "" ? served.version : `${served.group}/${served.version}`;

/** Groups of a cluster with nothing installed; any other group exists only with its objects. */
const builtInGroups = new Set([
  "",
  "apps",
  "autoscaling",
  "batch",
  "coordination.k8s.io",
  "discovery.k8s.io",
  "events.k8s.io",
  "networking.k8s.io",
  "policy",
  "storage.k8s.io",
]);

const shortNames: { readonly [R in StoredResource]?: readonly string[] } = {
  configmaps: ["cm"],
  cronjobs: ["cj"],
  daemonsets: ["ds"],
  deployments: ["deploy"],
  endpoints: ["ep"],
  events: ["ev"],
  horizontalpodautoscalers: ["hpa"],
  ingresses: ["ing"],
  limitranges: ["limits"],
  namespaces: ["ns"],
  networkpolicies: ["netpol"],
  nodes: ["no"],
  persistentvolumeclaims: ["pvc"],
  persistentvolumes: ["pv"],
  poddisruptionbudgets: ["pdb"],
  pods: ["po"],
  replicasets: ["rs"],
  replicationcontrollers: ["rc"],
  resourcequotas: ["quota"],
  rollouts: ["ro"],
  serviceaccounts: ["sa"],
  services: ["svc"],
  statefulsets: ["sts"],
  storageclasses: ["sc"],
};

const withoutStatus = new Set<StoredResource>([
  "configmaps",
  "controllerrevisions",
  "endpoints",
  "endpointslices",
  "events",
  "ingressclasses",
  "leases",
  "limitranges",
  "networkpolicies",
  "secrets",
  "serviceaccounts",
  "storageclasses",
]);

/** Whether the status of its objects is written at a path of its own. */
export const hasStatus = (resource: StoredResource): boolean => !withoutStatus.has(resource);

const inCategoryAll = new Set<StoredResource>([
  "cronjobs",
  "daemonsets",
  "deployments",
  "horizontalpodautoscalers",
  "jobs",
  "pods",
  "replicasets",
  "replicationcontrollers",
  "services",
  "statefulsets",
]);

function served(resource: StoredResource): ServedResource {
  const { kind, group, version, namespaced } = storedKinds[resource];
  return {
    plural: resource,
    group,
    version,
    kind,
    singular: kind.toLowerCase(),
    namespaced,
    shortNames: shortNames[resource] ?? [],
    categories: inCategoryAll.has(resource) ? ["all"] : [],
    subresources: [...(resource === "pods" ? ["log"] : []), ...(hasStatus(resource) ? ["status"] : [])],
    stored: resource,
    custom: !builtInGroups.has(group),
  };
}

/** Events are one store under two groups, as in a cluster. */
const eventsV1: ServedResource = { ...served("events"), group: "events.k8s.io", version: "v1" };

/** `kubectl autoscale` creates in the old version, which has CPU alone. */
const autoscalersV1: ServedResource = { ...served("horizontalpodautoscalers"), version: "v1" };

/** What a cluster with these objects serves. */
export function servedResources(
  hasObjects: (resource: StoredResource) => boolean,
  isWritable = false,
): readonly ServedResource[] {
  const all = allStoredResources
    .filter((resource) => isWritable || !isWrittenOnly(resource))
    .map(served)
    .filter((s) => !s.custom || hasObjects(s.stored));
  return [...all, eventsV1, ...(isWritable ? [autoscalersV1] : [])];
}
