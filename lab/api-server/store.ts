import type { Evidence } from "../../src/evidence/evidence.ts";
import { allResources } from "../../src/evidence/kinds.ts";
import { type Change, type ChangeHistory, openHistory } from "./change-history.ts";
import { allStoredResources, storedKinds, type StoredResource } from "./stored-kinds.ts";
import { type StoredObject, type KubeObject, storeObject } from "./stored-object.ts";

/**
 * The state of the cluster. Lists are handed out in the order of their keys ("namespace/name") as arrays that
 * never change: a write replaces the array, so a reader keeps the snapshot it began with.
 */
export interface Store {
  /** The newest resourceVersion given out. */
  revision(): number;
  list(resource: StoredResource, namespace?: string): readonly StoredObject[];
  /** The list as it was at a revision; undefined when it is no longer remembered. */
  listAt(revision: number, resource: StoredResource, namespace?: string): readonly StoredObject[] | undefined;
  get(resource: StoredResource, name: string, namespace?: string): StoredObject | undefined;
  /** Adds or replaces, at a new revision. */
  put(resource: StoredResource, object: KubeObject): StoredObject;
  remove(resource: StoredResource, name: string, namespace?: string): StoredObject | undefined;
  readonly changesSince: ChangeHistory["changesSince"];
  readonly subscribe: ChangeHistory["subscribe"];
}

/** The objects of one resource in order, between two writes. */
interface Snapshot {
  readonly sorted: readonly StoredObject[];
  readonly byNamespace: ReadonlyMap<string, readonly StoredObject[]>;
}

interface Shelf {
  readonly byKey: Map<string, StoredObject>;
  /** Revision of the last write. */
  changedAt: number;
  /** Made at the first read after a write. */
  snapshot: Snapshot | undefined;
  /** Snapshots that lists in pages may still be reading, with the revisions they hold for; oldest first. */
  readonly past: { readonly from: number; readonly to: number; readonly snapshot: Snapshot }[];
}

const rememberedSnapshots = 20;

const keyOf = (resource: StoredResource, name: string, namespace: string | undefined): string =>
  storedKinds[resource].namespaced ? `${namespace ?? "default"}/${name}` : name;

export function openStore(evidence: Evidence): Store {
  const shelves = Object.fromEntries(allStoredResources.map((r) => [r, emptyShelf()])) as Record<
    StoredResource,
    Shelf
  >;
  let revision = 1;
  for (const resource of allResources)
    for (const object of evidence.objects[resource] ?? []) {
      const stored = storeObject(resource, object as KubeObject);
      shelves[resource].byKey.set(stored.key, stored);
      if (stored.revision > revision) revision = stored.revision;
    }
  addMissingNamespaces(shelves);

  const history = openHistory(revision);

  const record = (change: Change): StoredObject => {
    const shelf = shelves[change.resource];
    if (shelf.snapshot !== undefined)
      shelf.past.push({ from: shelf.changedAt, to: revision - 1, snapshot: shelf.snapshot });
    if (shelf.past.length > rememberedSnapshots) shelf.past.shift();
    shelf.snapshot = undefined;
    shelf.changedAt = revision;
    history.record(change);
    return change.object;
  };

  return {
    revision: () => revision,
    list: (resource, namespace) => within(snapshotOf(shelves[resource]), namespace),
    listAt: (at, resource, namespace) => {
      const shelf = shelves[resource];
      if (at >= shelf.changedAt) return within(snapshotOf(shelf), namespace);
      const found = shelf.past.find(({ from, to }) => from <= at && at <= to);
      return found === undefined ? undefined : within(found.snapshot, namespace);
    },
    get: (resource, name, namespace) => shelves[resource].byKey.get(keyOf(resource, name, namespace)),
    put: (resource, object) => {
      revision += 1;
      const stored = storeObject(resource, object, revision);
      const before = shelves[resource].byKey.get(stored.key);
      shelves[resource].byKey.set(stored.key, stored);
      if (before === undefined) return record({ type: "ADDED", resource, object: stored });
      return record({ type: "MODIFIED", resource, object: stored, before });
    },
    remove: (resource, name, namespace) => {
      const key = keyOf(resource, name, namespace);
      const before = shelves[resource].byKey.get(key);
      if (before === undefined) return undefined;
      revision += 1;
      shelves[resource].byKey.delete(key);
      return record({
        type: "DELETED",
        resource,
        object: storeObject(resource, before.object, revision),
        before,
      });
    },
    changesSince: history.changesSince,
    subscribe: history.subscribe,
  };
}

const emptyShelf = (): Shelf => ({ byKey: new Map(), changedAt: 0, snapshot: undefined, past: [] });

/** Order of keys is bytewise in etcd; names are ASCII, so code-unit order is the same. */
function snapshotOf(shelf: Shelf): Snapshot {
  if (shelf.snapshot === undefined) {
    const sorted = [...shelf.byKey.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
    shelf.snapshot = { sorted, byNamespace: Map.groupBy(sorted, (o) => o.namespace ?? "") };
  }
  return shelf.snapshot;
}

const within = ({ sorted, byNamespace }: Snapshot, namespace: string | undefined): readonly StoredObject[] =>
  namespace === undefined ? sorted : (byNamespace.get(namespace) ?? []);

/** Objects cannot live in a namespace that is not there; evidence often leaves the Namespace objects out. */
function addMissingNamespaces(shelves: Record<StoredResource, Shelf>): void {
  const names = new Set<string>();
  for (const resource of allResources)
    for (const stored of shelves[resource].byKey.values())
      if (stored.namespace !== undefined) names.add(stored.namespace);
  for (const name of names) {
    if (shelves.namespaces.byKey.has(name)) continue;
    const labels = { "kubernetes.io/metadata.name": name };
    const namespace = { metadata: { name, labels }, status: { phase: "Active" } };
    shelves.namespaces.byKey.set(name, storeObject("namespaces", namespace));
  }
}
