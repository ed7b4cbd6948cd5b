import type { Change } from "../change-history.ts";
import { allStoredResources, storedKinds, type StoredResource } from "../stored-kinds.ts";
import type { OwnerReference, StoredObject } from "../stored-object.ts";
import { foregroundFinalizer, orphanFinalizer, removeObject } from "./remove.ts";
import { updateObject } from "./update.ts";
import type { WriteContext } from "./write-context.ts";

interface Located {
  readonly resource: StoredResource;
  readonly stored: StoredObject;
}

/**
 * Takes away what belongs to objects that are gone, and finishes deletions that wait for it: foreground, orphans,
 * namespaces (kubernetes/kubernetes pkg/controller/garbagecollector, pkg/controller/namespace). Works after the write
 * that caused it, never inside it.
 * @returns ends it
 */
export function startGarbageCollector(context: WriteContext): () => void {
  const { store } = context;
  /** Owners known to be gone: references to any other are not touched, evidence may lack the owners of its objects. */
  const gone = new Set<string>();
  let waiting: NodeJS.Immediate | undefined;
  const sweep = (): void => {
    waiting = undefined;
    finishForeground(context);
    removeDependents(context, gone);
    emptyNamespaces(context);
  };
  const unsubscribe = store.subscribe((change) => {
    noteGone(context, change, gone);
    if (concerns(change, gone)) waiting ??= setImmediate(sweep);
  });
  return () => {
    unsubscribe();
    clearImmediate(waiting);
  };
}

function noteGone({ store }: WriteContext, { type, object }: Change, gone: Set<string>): void {
  const { uid, ownerReferences = [], namespace } = object.object.metadata ?? {};
  if (type === "DELETED") {
    if (uid !== undefined) gone.add(uid);
    return;
  }
  if (type !== "ADDED") return;
  for (const reference of ownerReferences) {
    const resource = resourceOf(reference);
    const owner = resource === undefined ? undefined : store.get(resource, reference.name, namespace);
    if (resource !== undefined && owner?.object.metadata?.uid !== reference.uid) gone.add(reference.uid);
  }
}

const resourceOf = ({ kind, apiVersion }: OwnerReference): StoredResource | undefined =>
  allStoredResources.find((resource) => {
    const stored = storedKinds[resource];
    return (
      stored.kind === kind && stored.group === (apiVersion.includes("/") ? apiVersion.split("/")[0] : "")
    );
  });

function concerns({ type, object }: Change, gone: ReadonlySet<string>): boolean {
  const { deletionTimestamp, ownerReferences = [] } = object.object.metadata ?? {};
  return (
    type === "DELETED" || deletionTimestamp !== undefined || ownerReferences.some((o) => gone.has(o.uid))
  );
}

const everything = ({ store }: WriteContext): Located[] =>
  allStoredResources.flatMap((resource) => store.list(resource).map((stored) => ({ resource, stored })));

const ownersOf = ({ stored }: Located): readonly OwnerReference[] =>
  stored.object.metadata?.ownerReferences ?? [];

function finishForeground(context: WriteContext): void {
  const all = everything(context);
  for (const owner of all) {
    const { deletionTimestamp, finalizers = [], uid } = owner.stored.object.metadata ?? {};
    const isWaiting = finalizers.includes(orphanFinalizer) || finalizers.includes(foregroundFinalizer);
    if (deletionTimestamp === undefined || uid === undefined || !isWaiting) continue;
    const dependents = all.filter((d) => ownersOf(d).some((o) => o.uid === uid));
    if (finalizers.includes(orphanFinalizer)) {
      for (const dependent of dependents) dropOwners(context, dependent, new Set([uid]));
      dropFinalizer(context, owner, orphanFinalizer);
    } else {
      for (const dependent of dependents) removeLocated(context, dependent);
      const blocks = dependents.some((d) =>
        ownersOf(d).some((o) => o.uid === uid && o.blockOwnerDeletion === true && isThere(context, d)),
      );
      if (!blocks) dropFinalizer(context, owner, foregroundFinalizer);
    }
  }
}

const isThere = ({ store }: WriteContext, { resource, stored }: Located): boolean =>
  store.get(resource, stored.name, stored.namespace) !== undefined;

function removeDependents(context: WriteContext, gone: ReadonlySet<string>): void {
  if (gone.size === 0) return;
  for (const dependent of everything(context)) {
    const owners = ownersOf(dependent);
    if (!owners.some((o) => gone.has(o.uid))) continue;
    if (owners.every((o) => gone.has(o.uid))) removeLocated(context, dependent);
    else dropOwners(context, dependent, gone);
  }
}

function removeLocated(context: WriteContext, { resource, stored }: Located): void {
  const { metadata } = stored.object;
  if (metadata?.deletionTimestamp !== undefined) return;
  const preconditions = metadata?.uid === undefined ? {} : { preconditions: { uid: metadata.uid } };
  const place = { resource, name: stored.name, namespace: stored.namespace };
  if (isThere(context, { resource, stored }))
    removeObject(context, place, { propagationPolicy: "Background", ...preconditions });
}

/** The object as it is now with other metadata. */
function change(
  context: WriteContext,
  { resource, stored }: Located,
  metadata: (now: NonNullable<StoredObject["object"]["metadata"]>) => object,
): void {
  const now = context.store.get(resource, stored.name, stored.namespace);
  if (now === undefined) return;
  updateObject(context, resource, now, {
    ...now.object,
    metadata: { ...now.object.metadata, ...metadata(now.object.metadata ?? {}) },
  });
}

const dropOwners = (context: WriteContext, located: Located, uids: ReadonlySet<string>): void =>
  change(context, located, ({ ownerReferences = [] }) => ({
    ownerReferences: ownerReferences.filter((o) => !uids.has(o.uid)),
  }));

const dropFinalizer = (context: WriteContext, located: Located, finalizer: string): void =>
  change(context, located, ({ finalizers = [] }) => ({
    finalizers: finalizers.filter((f) => f !== finalizer),
  }));

/** A namespace that is being deleted takes its content with it and goes when it is empty. */
function emptyNamespaces(context: WriteContext): void {
  for (const { name, object } of context.store.list("namespaces")) {
    if (object.metadata?.deletionTimestamp === undefined) continue;
    const content = everything(context).filter(({ stored }) => stored.namespace === name);
    for (const located of content) removeLocated(context, located);
    if (!content.some((located) => isThere(context, located))) context.store.remove("namespaces", name);
  }
}
