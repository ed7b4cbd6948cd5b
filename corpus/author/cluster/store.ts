import type { ObjectMeta, OwnerReference } from "kubernetes-types/meta/v1";
import { allResources, type KindMap, type Resource, resources } from "../../../src/evidence/kinds.ts";
import { namespaceOf, nameOf } from "../../../src/evidence/evidence.ts";
import { uidOf } from "../ids.ts";
import { at } from "../time.ts";

/** The same type with every field writable: kubernetes-types marks what the server fills in as read-only. */
export type Writable<T> = T extends object ? { -readonly [K in keyof T]: Writable<T[K]> } : T;

/** Endpoints repeat what EndpointSlices say and are not asked for where there are slices. */
export const looked: readonly Resource[] = allResources.filter((r) => r !== "endpoints");

export interface MetaOptions {
  readonly created?: string;
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
  readonly owner?: OwnerReference;
}

/** The metadata that the API server would return, without what says nothing (managedFields, selfLink). */
export function meta(
  kind: string,
  namespace: string | undefined,
  name: string,
  more: MetaOptions = {},
): ObjectMeta {
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    uid: uidOf(kind, namespace, name),
    creationTimestamp: at(more.created ?? "-40d"),
    ...(more.labels === undefined ? {} : { labels: { ...more.labels } }),
    ...(more.annotations === undefined ? {} : { annotations: { ...more.annotations } }),
    ...(more.owner === undefined ? {} : { ownerReferences: [more.owner] }),
  };
}

/** Points at a controlling owner, as a ReplicaSet's ownerReferences does. */
export const ownedBy = (
  apiVersion: string,
  kind: string,
  namespace: string | undefined,
  name: string,
): OwnerReference => ({
  apiVersion,
  kind,
  name,
  uid: uidOf(kind, namespace, name),
  controller: true,
  blockOwnerDeletion: true,
});

/** The objects of the cluster under construction, by resource. */
export class ObjectStore {
  readonly objects = Object.fromEntries(allResources.map((r) => [r, []])) as unknown as {
    [R in Resource]: KindMap[R][];
  };

  /** Adds an object, or puts it in the place of the one with its name. */
  put<R extends Resource>(resource: R, object: KindMap[R]): KindMap[R] {
    const list = this.objects[resource];
    const info = resources[resource];
    const version = info.group === "" ? info.version : `${info.group}/${info.version}`;
    const whole = { apiVersion: version, kind: info.kind, ...object } as KindMap[R];
    const index = list.findIndex((o) => sameName(resource, o, whole));
    if (index < 0) list.push(whole);
    else list[index] = whole;
    return whole;
  }

  find<R extends Resource>(resource: R, name: string, namespace?: string): KindMap[R] | undefined {
    return this.objects[resource].find(
      (o) => nameOf(o) === name && (!resources[resource].namespaced || namespaceOf(o) === namespace),
    );
  }

  /** Removes objects; throws when there was none, so that a case cannot rest on a misspelt name. */
  remove<R extends Resource>(resource: R, name: string, namespace?: string): void {
    const found = this.find(resource, name, namespace);
    if (found === undefined)
      throw new Error(`no ${resources[resource].kind} ${namespace ?? ""}/${name} to remove`);
    this.objects[resource].splice(this.objects[resource].indexOf(found), 1);
  }
}

function sameName<R extends Resource>(resource: R, a: KindMap[R], b: KindMap[R]): boolean {
  return nameOf(a) === nameOf(b) && (!resources[resource].namespaced || namespaceOf(a) === namespaceOf(b));
}
