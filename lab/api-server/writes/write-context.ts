import { objectNotFound } from "../status.ts";
import { storedKinds, type StoredResource } from "../stored-kinds.ts";
import type { Store } from "../store.ts";
import type { KubeObject, StoredObject } from "../stored-object.ts";
import { storeObject } from "../stored-object.ts";

/** What every write works with. */
export interface WriteContext {
  readonly store: Store;
  /** Milliseconds since the epoch. */
  nowMs(): number;
}

/** Where an object is. */
export interface Place {
  readonly resource: StoredResource;
  readonly name: string;
  readonly namespace: string | undefined;
}

/** A time as metav1.Time has it: whole seconds. */
export const timeText = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** @throws StatusError 404 */
export function existing(context: WriteContext, { resource, name, namespace }: Place): StoredObject {
  const stored = context.store.get(resource, name, namespace);
  if (stored === undefined) throw objectNotFound(resource, storedKinds[resource].group, name);
  return stored;
}

/** Stores, or for a dry run says what would be stored. */
export const putObject = (
  context: WriteContext,
  resource: StoredResource,
  object: KubeObject,
  isDryRun: boolean,
): StoredObject =>
  isDryRun
    ? storeObject(resource, object, Number(object.metadata?.resourceVersion ?? context.store.revision()))
    : context.store.put(resource, object);

/** "apps/v1" of deployments. */
export function apiVersionOfResource(resource: StoredResource): string {
  const { group, version } = storedKinds[resource];
  return group === "" ? version : `${group}/${version}`;
}
