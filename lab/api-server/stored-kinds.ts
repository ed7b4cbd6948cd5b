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

/** Plural name of what the store keeps. */
export type StoredResource = Resource | keyof typeof neverRead;

export const storedKinds: { readonly [R in StoredResource]: StoredKind } = { ...neverRead, ...resources };

export const allStoredResources: readonly StoredResource[] = [
  ...allResources,
  ...(Object.keys(neverRead) as (keyof typeof neverRead)[]),
];
