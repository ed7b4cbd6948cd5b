import { randomInt, randomUUID } from "node:crypto";
import { hasStatus } from "../served.ts";
import { alreadyExists, badRequest, failure, forbidden, objectNotFound } from "../status.ts";
import { storedKinds, type StoredResource } from "../stored-kinds.ts";
import type { KubeObject, ManagedFieldsEntry, StoredObject } from "../stored-object.ts";
import { managedAfterUpdate } from "./apply/managed-fields.ts";
import { newPodStatus } from "./defaults/pods.ts";
import { complete, hasGeneration } from "./prepare.ts";
import { putObject, timeText, type WriteContext } from "./write-context.ts";

export interface CreateOptions {
  readonly dryRun?: boolean;
  readonly fieldManager?: string;
  /** Of server-side apply, which knows better than a comparison with nothing. */
  readonly managedFields?: ManagedFieldsEntry[];
}

/**
 * Creates; the object given is used up.
 * @throws StatusError 400, 403, 404 (no such namespace), 409, 422
 */
export function createObject(
  context: WriteContext,
  resource: StoredResource,
  object: KubeObject,
  options: CreateOptions = {},
): StoredObject {
  const metadata = newMetadata(context, resource, object);
  object.metadata = metadata;
  // Nodes are the one kind whose writers bring the first status along.
  if (hasStatus(resource) && resource !== "nodes") delete object["status"];
  complete(context, resource, object, undefined);
  if (resource === "pods") object["status"] = newPodStatus(object);
  const { group } = storedKinds[resource];
  const name = metadata.name ?? "";
  if (context.store.get(resource, name, metadata.namespace) !== undefined)
    throw alreadyExists(resource, group, name);
  const managed =
    options.managedFields ??
    managedAfterUpdate(resource, undefined, object, {
      manager: options.fieldManager,
      time: metadata.creationTimestamp ?? "",
    });
  if (managed.length > 0) object.metadata.managedFields = managed;
  return putObject(context, resource, object, options.dryRun ?? false);
}

function newMetadata(
  context: WriteContext,
  resource: StoredResource,
  object: KubeObject,
): NonNullable<KubeObject["metadata"]> {
  const given = object.metadata ?? {};
  if ((given.resourceVersion ?? "") !== "")
    throw badRequest("resourceVersion should not be set on objects to be created");
  const { generateName, labels, annotations, ownerReferences, finalizers } = given;
  const namespace = storedKinds[resource].namespaced ? (given.namespace ?? "default") : undefined;
  if (namespace !== undefined) checkNamespace(context, resource, namespace, given.name ?? "");
  const name =
    (given.name ?? "") === "" && generateName !== undefined && generateName !== ""
      ? freeName(context, resource, generateName, namespace)
      : given.name;
  const fields = { name, generateName, namespace, labels, annotations, ownerReferences, finalizers };
  return {
    ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)),
    uid: randomUUID(),
    creationTimestamp: timeText(context.nowMs()),
    ...(hasGeneration(resource) ? { generation: 1 } : {}),
  };
}

function checkNamespace(
  { store }: WriteContext,
  resource: StoredResource,
  namespace: string,
  name: string,
): void {
  const found = store.get("namespaces", namespace);
  if (found === undefined) throw objectNotFound("namespaces", "", namespace);
  if (found.object.metadata?.deletionTimestamp === undefined) return;
  const { group } = storedKinds[resource];
  const subject = `${group === "" ? resource : `${resource}.${group}`} "${name}"`;
  throw forbidden(
    `${subject} is forbidden: unable to create new content in namespace ${namespace} because it is being terminated`,
    resource,
    group,
    name,
  );
}

/** Letters of generated names: no vowels, nothing that looks like another (apimachinery pkg/util/rand). */
const alphabet = "bcdfghjklmnpqrstvwxz2456789";
const suffixLength = 5;
/** Longest base that leaves room for the suffix (apiserver pkg/storage/names). */
const longestBase = 63 - suffixLength;

function freeName(
  { store }: WriteContext,
  resource: StoredResource,
  base: string,
  namespace: string | undefined,
): string {
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const suffix = Array.from({ length: suffixLength }, () => alphabet[randomInt(alphabet.length)]).join("");
    const name = base.slice(0, longestBase) + suffix;
    if (store.get(resource, name, namespace) === undefined) return name;
  }
  throw failure(409, "AlreadyExists", `no free name begins with "${base}", please try again`);
}
