import { hasStatus } from "../served.ts";
import { badRequest, conflict } from "../status.ts";
import { storedKinds, type StoredResource } from "../stored-kinds.ts";
import type { KubeObject, ManagedFieldsEntry, StoredObject } from "../stored-object.ts";
import { managedAfterUpdate } from "./apply/managed-fields.ts";
import { isEqual } from "./json.ts";
import { setScheduled } from "./binding.ts";
import { complete, hasGeneration } from "./prepare.ts";
import { putObject, timeText, type WriteContext } from "./write-context.ts";

export interface UpdateOptions {
  readonly dryRun?: boolean;
  readonly fieldManager?: string;
  /** With "status" only the status is replaced, otherwise all but the status; "binding" may give a pod its node. */
  readonly subresource?: "status" | "binding" | "scale";
  readonly managedFields?: ManagedFieldsEntry[];
}

type Metadata = NonNullable<KubeObject["metadata"]>;

const modified =
  "the object has been modified; please apply your changes to the latest version and try again";

/**
 * Replaces an object; the new one is used up.
 * @returns the object as it was when nothing changes
 * @throws StatusError 400, 409, 422
 */
export function updateObject(
  context: WriteContext,
  resource: StoredResource,
  stored: StoredObject,
  next: KubeObject,
  options: UpdateOptions = {},
): StoredObject {
  const before = stored.object;
  const given = next.metadata ?? {};
  checkPreconditions(resource, stored, given);
  const object =
    options.subresource === "status" ? withStatusOf(before, next) : withoutStatusOf(resource, before, next);
  object.metadata = {
    ...(options.subresource === "status" ? before.metadata : editable(given, before.metadata ?? {})),
    ...fixed(before.metadata ?? {}),
  };
  if (options.subresource !== "status") {
    if (options.subresource === "binding") setScheduled(context, object);
    complete(context, resource, object, before, options.subresource === "binding");
    if (hasGeneration(resource) && !isEqual(wanted(before), wanted(object)))
      object.metadata.generation = (before.metadata?.generation ?? 0) + 1;
  }
  const unchanged = isEqual(withoutManaged(before), withoutManaged(object));
  const managed = managedOf(context, resource, before, object, given, unchanged, options);
  if (managed.length > 0) object.metadata.managedFields = managed;
  if (unchanged && isEqual(managed, before.metadata?.managedFields ?? [])) return stored;
  return persist(context, resource, object, options.dryRun ?? false);
}

function managedOf(
  context: WriteContext,
  resource: StoredResource,
  before: KubeObject,
  object: KubeObject,
  given: Metadata,
  unchanged: boolean,
  options: UpdateOptions,
): ManagedFieldsEntry[] {
  if (options.managedFields !== undefined) return options.managedFields;
  const own = before.metadata?.managedFields ?? [];
  // A client may rewrite the list itself, as kubectl does on its way from client-side to server-side apply.
  const base =
    options.subresource === undefined && given.managedFields !== undefined ? given.managedFields : own;
  const entries = base.filter((e) => !isEqual(e, {}));
  if (unchanged) return entries;
  return managedAfterUpdate(
    resource,
    { ...before, metadata: { ...before.metadata, managedFields: entries } },
    object,
    {
      manager: options.fieldManager,
      time: timeText(context.nowMs()),
      ...(options.subresource === undefined ? {} : { subresource: options.subresource }),
    },
  );
}

function checkPreconditions(resource: StoredResource, stored: StoredObject, given: Metadata): void {
  const { group } = storedKinds[resource];
  const { name, revision } = stored;
  if (given.name !== undefined && given.name !== name)
    throw badRequest(`the name of the object (${given.name}) does not match the name on the URL (${name})`);
  if (given.namespace !== undefined && stored.namespace !== undefined && given.namespace !== stored.namespace)
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  const uid = stored.object.metadata?.uid;
  if (given.uid !== undefined && given.uid !== uid)
    throw conflict(
      resource,
      group,
      name,
      `Precondition failed: UID in precondition: ${given.uid}, UID in object meta: ${uid ?? ""}`,
    );
  const version = given.resourceVersion ?? "";
  if (version !== "" && version !== "0" && version !== String(revision))
    throw conflict(resource, group, name, modified);
}

/** What a writer may change of the metadata. */
function editable(given: Metadata, before: Metadata): Metadata {
  const { labels, annotations, ownerReferences, finalizers } = given;
  // Once an object is being deleted, no finalizer can be added.
  const kept =
    before.deletionTimestamp === undefined
      ? finalizers
      : finalizers?.filter((f) => before.finalizers?.includes(f));
  return {
    ...(labels === undefined ? {} : { labels }),
    ...(annotations === undefined ? {} : { annotations }),
    ...(ownerReferences === undefined ? {} : { ownerReferences }),
    ...(kept === undefined || kept.length === 0 ? {} : { finalizers: kept }),
  };
}

/** What stays as it is whatever is sent. */
function fixed(before: Metadata): Metadata {
  const {
    managedFields: _m,
    labels: _l,
    annotations: _a,
    ownerReferences: _o,
    finalizers: _f,
    ...rest
  } = before;
  return rest;
}

const withStatusOf = (before: KubeObject, next: KubeObject): KubeObject => ({
  ...before,
  ...(next["status"] === undefined ? {} : { status: next["status"] }),
});

function withoutStatusOf(resource: StoredResource, before: KubeObject, next: KubeObject): KubeObject {
  if (!hasStatus(resource)) return next;
  const { status: _status, ...rest } = next;
  return before["status"] === undefined ? rest : { ...rest, status: before["status"] };
}

/** What an object asks for: everything but metadata and status. */
function wanted(object: KubeObject): object {
  const { apiVersion: _v, kind: _k, metadata: _m, status: _s, ...rest } = object;
  return rest;
}

function withoutManaged(object: KubeObject): object {
  const { apiVersion: _v, kind: _k, metadata, ...rest } = object;
  const { managedFields: _m, resourceVersion: _r, ...fields } = metadata ?? {};
  return { ...rest, metadata: fields };
}

/** An object that is being deleted goes with its last finalizer, unless a kubelet has yet to let it go. */
function persist(
  context: WriteContext,
  resource: StoredResource,
  object: KubeObject,
  isDryRun: boolean,
): StoredObject {
  const {
    name = "",
    namespace,
    deletionTimestamp,
    deletionGracePeriodSeconds = 0,
    finalizers,
  } = object.metadata ?? {};
  const ends =
    deletionTimestamp !== undefined && deletionGracePeriodSeconds === 0 && (finalizers ?? []).length === 0;
  const contentLeft = resource === "namespaces";
  const put = putObject(context, resource, object, isDryRun);
  if (!ends || isDryRun || contentLeft) return put;
  return context.store.remove(resource, name, namespace) ?? put;
}
