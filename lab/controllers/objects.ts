import type { ObjectMeta, OwnerReference } from "kubernetes-types/meta/v1";
import type { KindMap, Resource } from "../../src/evidence/kinds.ts";
import type { Change } from "../api-server/change-history.ts";
import type { Store } from "../api-server/store.ts";
import { type StoredResource, storedKinds } from "../api-server/stored-kinds.ts";
import type { KubeObject, StoredObject } from "../api-server/stored-object.ts";

/** Every object that controllers handle. */
export interface Owned {
  readonly metadata?: ObjectMeta;
}

/** The store keeps what its API checked; this is where it gets its type back. */
export const listOf = <R extends Resource>(store: Store, resource: R, namespace?: string): KindMap[R][] =>
  store.list(resource, namespace).map(({ object }) => object as unknown as KindMap[R]);

export const objectOf = <R extends Resource>(
  store: Store,
  resource: R,
  name: string,
  namespace?: string,
): KindMap[R] | undefined =>
  store.get(resource, name, namespace)?.object as unknown as KindMap[R] | undefined;

/** For writing. */
export const untyped = (object: object): KubeObject => object as KubeObject;

/** "namespace/name", the key of a namespaced object. */
export const keysOfAll = (store: Store, resource: StoredResource, namespace?: string): string[] =>
  store.list(resource, namespace).map(({ key }) => key);

export function splitKey(key: string): { namespace: string; name: string } {
  const slash = key.indexOf("/");
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/** What a change left behind and what it replaced. */
export const sidesOf = ({ object, before }: Change): StoredObject[] =>
  before === undefined ? [object] : [object, before];

export const nameOf = (object: Owned): string => object.metadata?.name ?? "";
export const namespaceOf = (object: Owned): string => object.metadata?.namespace ?? "default";
export const keyOf = (object: Owned): string => `${namespaceOf(object)}/${nameOf(object)}`;
export const uidOf = (object: Owned): string => object.metadata?.uid ?? "";
export const isBeingDeleted = (object: Owned): boolean => object.metadata?.deletionTimestamp !== undefined;

export const controllerOf = (object: Owned): OwnerReference | undefined =>
  object.metadata?.ownerReferences?.find((owner) => owner.controller === true);

export const isControlledBy = (object: Owned, owner: Owned): boolean => {
  const controller = controllerOf(object);
  return controller !== undefined && controller.uid === uidOf(owner);
};

/** kubernetes apimachinery pkg/apis/meta/v1/controller_ref.go NewControllerRef. */
export function controllerReference(resource: StoredResource, owner: Owned): OwnerReference {
  const { kind, group, version } = storedKinds[resource];
  return {
    apiVersion: group === "" ? version : `${group}/${version}`,
    kind,
    name: nameOf(owner),
    uid: uidOf(owner),
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** Oldest first, by name when as old (kubernetes pkg/controller/controller_utils.go ReplicaSetsByCreationTimestamp). */
export function byAge(a: Owned, b: Owned): number {
  const [createdA, createdB] = [a, b].map((o) => Date.parse(o.metadata?.creationTimestamp ?? "") || 0);
  if (createdA !== createdB) return (createdA ?? 0) - (createdB ?? 0);
  return nameOf(a) < nameOf(b) ? -1 : 1;
}

/** Events name the kind of what they are about; the store leaves it to the list. */
export const asSubject = (
  resource: StoredResource,
  object: object,
): KubeObject & { readonly kind: string } => {
  const { kind, group, version } = storedKinds[resource];
  return { ...untyped(object), kind, apiVersion: group === "" ? version : `${group}/${version}` };
};
