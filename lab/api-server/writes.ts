import type { KubeObject } from "./stored-object.ts";
import type { StoredResource } from "./stored-kinds.ts";

export interface WriteOptions {
  /** Checks and answers as if it were written, and writes nothing. */
  readonly dryRun?: boolean;
  /** Owner of the fields in server-side apply, and of `managedFields`. */
  readonly fieldManager?: string;
  /** Apply: take fields that another manager owns. */
  readonly force?: boolean;
  /** Written through this subresource, which may change a field that is otherwise fixed: a pod's `spec.nodeName`. */
  readonly subresource?: "binding" | "scale";
}

export interface DeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: "Background" | "Foreground" | "Orphan";
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly dryRun?: boolean;
}

export interface Patch {
  readonly type: "json" | "merge" | "strategic" | "apply";
  readonly body: unknown;
}

/**
 * Writes as the API server does them: defaults, validation, uid, generation, resourceVersion, optimistic
 * concurrency, deletion with grace and finalizers. Controllers inside the lab and the HTTP verbs share them.
 * Every method throws StatusError (404, 409, 422, …) for what a real API server would refuse.
 */
export interface Writes {
  create(resource: StoredResource, object: KubeObject, options?: WriteOptions): KubeObject;
  /** Replaces all but `status`; an object that carries a stale resourceVersion is refused with 409. */
  update(resource: StoredResource, object: KubeObject, options?: WriteOptions): KubeObject;
  patch(
    resource: StoredResource,
    name: string,
    namespace: string | undefined,
    patch: Patch,
    options?: WriteOptions,
  ): KubeObject;
  /** Replaces only `status` by what `change` makes of it; undefined when the object is gone or nothing changes. */
  updateStatus(
    resource: StoredResource,
    name: string,
    namespace: string | undefined,
    change: (status: Readonly<Record<string, unknown>>) => Record<string, unknown>,
  ): KubeObject | undefined;
  /** Marks for deletion (grace, finalizers) or takes away at once; undefined when it is gone already. */
  remove(
    resource: StoredResource,
    name: string,
    namespace: string | undefined,
    options?: DeleteOptions,
  ): KubeObject | undefined;
}
