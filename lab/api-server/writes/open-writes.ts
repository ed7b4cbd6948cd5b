import type { StoredResource } from "../stored-kinds.ts";
import type { Store } from "../store.ts";
import type { KubeObject } from "../stored-object.ts";
import type { WriteOptions, Writes } from "../writes.ts";
import { applyObject } from "./apply/apply-object.ts";
import { createObject } from "./create.ts";
import { decode } from "./decode.ts";
import { startGarbageCollector } from "./garbage.ts";
import { copyOf, objectOf } from "./json.ts";
import { patchObject } from "./patch/patch-object.ts";
import { removeObject } from "./remove.ts";
import { updateObject } from "./update.ts";
import { existing, type WriteContext } from "./write-context.ts";

export interface OpenWrites extends Writes {
  /** What the HTTP verbs work with. */
  readonly context: WriteContext;
  /** Ends the garbage collector. */
  stop(): void;
}

/**
 * Writes on a store, for controllers in the same process and for the HTTP verbs. What it returns is what is stored:
 * not to be changed. Garbage of ownerReferences and namespaces is collected until it is stopped.
 * @param nowMs milliseconds since the epoch; the real time by default
 */
export function openWrites(store: Store, nowMs: () => number = Date.now): OpenWrites {
  const context: WriteContext = { store, nowMs };
  return {
    context,
    stop: startGarbageCollector(context),
    create: (resource, object, options) =>
      createObject(context, resource, decoded(resource, object), writeOptions(options)).object,
    update: (resource, object, options) => {
      const { name = "", namespace } = object.metadata ?? {};
      const stored = existing(context, { resource, name, namespace });
      return updateObject(context, resource, stored, decoded(resource, object), writeOptions(options)).object;
    },
    patch: (resource, name, namespace, patch, options) => {
      const place = { resource, name, namespace };
      if (patch.type === "apply")
        return applyObject(context, place, decoded(resource, patch.body as KubeObject), options ?? {}).stored
          .object;
      return patchObject(context, place, patch, writeOptions(options)).stored.object;
    },
    updateStatus: (resource, name, namespace, change) => {
      const stored = store.get(resource, name, namespace);
      if (stored === undefined) return undefined;
      const status = change(objectOf(stored.object["status"]));
      const next = decoded(resource, { status });
      const updated = updateObject(context, resource, stored, next, { subresource: "status" });
      return updated === stored ? undefined : updated.object;
    },
    remove: (resource, name, namespace, options) =>
      removeObject(context, { resource, name, namespace }, options)?.stored.object,
  };
}

function decoded(resource: StoredResource, object: KubeObject): KubeObject {
  const copy = copyOf(object);
  decode(resource, copy);
  return copy;
}

const writeOptions = ({ dryRun, fieldManager, subresource }: WriteOptions = {}) => ({
  ...(dryRun === undefined ? {} : { dryRun }),
  ...(fieldManager === undefined ? {} : { fieldManager }),
  ...(subresource === undefined ? {} : { subresource }),
});
