import { isDeepStrictEqual } from "node:util";
import { failure } from "../../../lab/api-server/status.ts";
import type { Store } from "../../../lab/api-server/store.ts";
import type { StoredResource } from "../../../lab/api-server/stored-kinds.ts";
import type { KubeObject } from "../../../lab/api-server/stored-object.ts";
import type { Writes } from "../../../lab/api-server/writes.ts";

/** Called before an object is created; may throw a StatusError, as quotas and closed namespaces do. */
export type Admission = (resource: StoredResource, object: KubeObject) => void;

interface Meta {
  uid?: string;
  generation?: number;
  finalizers?: readonly string[];
  deletionTimestamp?: string | null;
}
const metaOf = (object: KubeObject): Meta => (object.metadata ?? {}) as Meta;
const stamp = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** The writes that controllers need, without defaults and validation: generation, uid, deletion with grace and finalizers. */
export function openPlainWrites(store: Store, nowMs: () => number, admit: Admission = () => {}): Writes {
  let uids = 0;
  const stored = (resource: StoredResource, name: string, namespace: string | undefined): KubeObject => {
    const found = store.get(resource, name, namespace);
    if (found === undefined) throw failure(404, "NotFound", `${resource} "${name}" not found`);
    return found.object;
  };
  const replace = (resource: StoredResource, before: KubeObject, object: KubeObject): KubeObject => {
    const isChanged = !isDeepStrictEqual(before["spec"], object["spec"]);
    const generation = (metaOf(before).generation ?? 1) + Number(isChanged);
    const metadata = { ...object.metadata, uid: metaOf(before).uid, generation };
    const next = { ...object, metadata } as KubeObject;
    if (isDeepStrictEqual(JSON.parse(JSON.stringify(next)), JSON.parse(JSON.stringify(before))))
      return before;
    const isGone = isDying(next) && (metaOf(next).finalizers ?? []).length === 0 && resource !== "pods";
    if (!isGone) return store.put(resource, next).object;
    return store.remove(resource, object.metadata?.name ?? "", object.metadata?.namespace)!.object;
  };
  return {
    create: (resource, object) => {
      admit(resource, object);
      const { name = "", namespace } = object.metadata ?? {};
      if (store.get(resource, name, namespace) !== undefined)
        throw failure(409, "AlreadyExists", `${resource} "${name}" already exists`);
      uids += 1;
      const own = {
        uid: `uid-${String(uids).padStart(6, "0")}`,
        generation: 1,
        creationTimestamp: stamp(nowMs()),
      };
      return store.put(resource, { ...object, metadata: { ...object.metadata, ...own } }).object;
    },
    update: (resource, object) => {
      const { name = "", namespace, resourceVersion } = object.metadata ?? {};
      const before = stored(resource, name, namespace);
      if (resourceVersion !== undefined && resourceVersion !== before.metadata?.resourceVersion)
        throw failure(409, "Conflict", "the object has been modified");
      return replace(resource, before, { ...object, status: before["status"] });
    },
    patch: (resource, name, namespace, patch) => {
      const before = stored(resource, name, namespace);
      return replace(resource, before, merged(before, patch.body) as KubeObject);
    },
    updateStatus: (resource, name, namespace, change) => {
      const before = store.get(resource, name, namespace)?.object;
      if (before === undefined) return undefined;
      return replace(resource, before, {
        ...before,
        status: change((before["status"] ?? {}) as Record<string, unknown>),
      });
    },
    remove: (resource, name, namespace, options) => {
      const before = store.get(resource, name, namespace)?.object;
      if (before === undefined) return undefined;
      const policy = options?.propagationPolicy;
      const finalizer =
        policy === "Foreground" ? ["foregroundDeletion"] : policy === "Orphan" ? ["orphan"] : [];
      const finalizers = [...(metaOf(before).finalizers ?? []), ...finalizer];
      const spec = before["spec"] as
        | { nodeName?: string; terminationGracePeriodSeconds?: number }
        | undefined;
      const grace = options?.gracePeriodSeconds ?? spec?.terminationGracePeriodSeconds ?? 30;
      const waits = resource === "pods" && spec?.nodeName !== undefined && grace > 0;
      if (!waits && finalizers.length === 0) return store.remove(resource, name, namespace)?.object;
      if (isDying(before)) return before;
      const deletionTimestamp = stamp(nowMs() + (waits ? grace * 1000 : 0));
      const metadata = {
        ...before.metadata,
        deletionTimestamp,
        ...(finalizers.length === 0 ? {} : { finalizers }),
      };
      return store.put(resource, { ...before, metadata } as KubeObject).object;
    },
  };
}

const isDying = (object: KubeObject): boolean => metaOf(object).deletionTimestamp !== undefined;

/** RFC 7396. */
function merged(before: unknown, patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const out: Record<string, unknown> =
    typeof before === "object" && before !== null && !Array.isArray(before) ? { ...before } : {};
  for (const [key, value] of Object.entries(patch))
    if (value === null) delete out[key];
    else out[key] = merged(out[key], value);
  return out;
}
