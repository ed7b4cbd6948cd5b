import { toAutoscalingV1 } from "./autoscaler-shapes.ts";
import { toCoreEvent, toEventsV1 } from "./event-shapes.ts";
import { storedKinds, type StoredResource } from "./stored-kinds.ts";
import { apiVersionOf, type ServedResource } from "./served.ts";

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** Who set which fields, as server-side apply records it. */
export interface ManagedFieldsEntry {
  readonly manager?: string;
  readonly operation?: "Apply" | "Update";
  readonly apiVersion?: string;
  readonly time?: string;
  readonly fieldsType?: "FieldsV1";
  readonly fieldsV1?: Readonly<Record<string, unknown>>;
  readonly subresource?: string;
}

export interface KubeObject {
  apiVersion?: string;
  kind?: string;
  metadata?: {
    name?: string;
    generateName?: string;
    namespace?: string;
    uid?: string;
    resourceVersion?: string;
    /** Grows with every change of the desired state. */
    generation?: number;
    creationTimestamp?: string | null;
    /** When the grace period ends; present from the request to delete on. */
    deletionTimestamp?: string | null;
    deletionGracePeriodSeconds?: number;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    ownerReferences?: OwnerReference[];
    finalizers?: string[];
    managedFields?: ManagedFieldsEntry[];
  };
  [field: string]: unknown;
}

/** An object with its place in the order of keys; its JSON is made at first use and kept. */
export interface StoredObject {
  /** "namespace/name", or "name" when cluster-scoped. */
  readonly key: string;
  readonly name: string;
  readonly namespace: string | undefined;
  /** resourceVersion as a number. */
  readonly revision: number;
  /** Also at hand here: a selected list looks at the labels of every object. */
  readonly labels: Readonly<Record<string, string>> | undefined;
  readonly object: KubeObject;
  /** JSON without kind and apiVersion, per apiVersion it is served under. */
  readonly json: Map<string, string>;
}

/** @param revision given for a write; at load the object keeps its own resourceVersion, or gets "1". */
export function storeObject(resource: StoredResource, object: KubeObject, revision?: number): StoredObject {
  const name = object.metadata?.name ?? "";
  const namespace = storedKinds[resource].namespaced ? (object.metadata?.namespace ?? "default") : undefined;
  const own = Number(object.metadata?.resourceVersion);
  const at = revision ?? (Number.isSafeInteger(own) && own > 0 ? own : 1);
  const metadata = { ...object.metadata, name, resourceVersion: String(at) };
  if (namespace !== undefined) metadata.namespace = namespace;
  const { apiVersion: _apiVersion, kind: _kind, metadata: _metadata, ...rest } = object;
  const plain: KubeObject = { metadata, ...rest };
  return {
    key: namespace === undefined ? name : `${namespace}/${name}`,
    name,
    namespace,
    revision: at,
    labels: metadata.labels,
    object: resource === "events" ? toCoreEvent(plain) : plain,
    json: new Map(),
  };
}

/** The object as the given group shows it, without kind and apiVersion. */
function shownAs(stored: StoredObject, served: ServedResource): KubeObject {
  if (served.group === "events.k8s.io") return toEventsV1(stored.object);
  return apiVersionOf(served) === "autoscaling/v1" ? toAutoscalingV1(stored.object) : stored.object;
}

function bodyJson(stored: StoredObject, served: ServedResource): string {
  const apiVersion = apiVersionOf(served);
  let json = stored.json.get(apiVersion);
  if (json === undefined) {
    json = JSON.stringify(shownAs(stored, served));
    stored.json.set(apiVersion, json);
  }
  return json;
}

/** JSON of a whole object, kind and apiVersion first. */
export function objectJson(stored: StoredObject, served: ServedResource): string {
  return `{"kind":"${served.kind}","apiVersion":"${apiVersionOf(served)}",${bodyJson(stored, served).slice(1)}`;
}

/** JSON of an item of a list: built-in types leave kind and apiVersion to the list, custom ones repeat them. */
export const itemJson = (stored: StoredObject, served: ServedResource): string =>
  served.custom ? objectJson(stored, served) : bodyJson(stored, served);
