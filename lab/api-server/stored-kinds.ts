import { allResources, type Resource, resources } from "../../src/evidence/kinds.ts";

export interface StoredKind {
  readonly kind: string;
  readonly group: string;
  readonly version: string;
  readonly namespaced: boolean;
}

/** Evidence never holds these, but every cluster serves them and kubectl asks for them unasked (cluster-info dump, get all). */
const neverRead = {
  cronjobs: { kind: "CronJob", group: "batch", version: "v1", namespaced: true },
  replicationcontrollers: { kind: "ReplicationController", group: "", version: "v1", namespaced: true },
} satisfies Record<string, StoredKind>;

/** Only a cluster that takes writes has these: evidence holds none, and nobody reads Secrets out of it. */
const writtenOnly = {
  controllerrevisions: { kind: "ControllerRevision", group: "apps", version: "v1", namespaced: true },
  leases: { kind: "Lease", group: "coordination.k8s.io", version: "v1", namespaced: true },
  secrets: { kind: "Secret", group: "", version: "v1", namespaced: true },
} satisfies Record<string, StoredKind>;

/** Plural name of what the store keeps. */
export type StoredResource = Resource | keyof typeof neverRead | keyof typeof writtenOnly;

export const storedKinds: { readonly [R in StoredResource]: StoredKind } = {
  ...neverRead,
  ...writtenOnly,
  ...resources,
};

export const allStoredResources: readonly StoredResource[] = [
  ...allResources,
  ...(Object.keys(neverRead) as (keyof typeof neverRead)[]),
  ...(Object.keys(writtenOnly) as (keyof typeof writtenOnly)[]),
];

/** Whether a cluster that takes no writes leaves the resource out. */
export const isWrittenOnly = (resource: StoredResource): boolean => resource in writtenOnly;
