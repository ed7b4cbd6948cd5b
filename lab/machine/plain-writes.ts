import { randomUUID } from "node:crypto";
import type { Store } from "../api-server/store.ts";
import type { KubeObject } from "../api-server/stored-object.ts";
import type { Writes } from "../api-server/writes.ts";

/** Writes without defaults, validation or finalizers. */
export function openPlainWrites(store: Store, nowMs: () => number): Writes {
  const update: Writes["update"] = (resource, object) => store.put(resource, object).object;
  return {
    create: (resource, object) =>
      store.put(resource, {
        ...object,
        metadata: {
          uid: randomUUID(),
          creationTimestamp: new Date(nowMs()).toISOString().replace(/\.\d+Z$/, "Z"),
          ...object.metadata,
        },
      }).object,
    update,
    patch: (resource, name, namespace, patch) => {
      const before = store.get(resource, name, namespace)?.object ?? {
        metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
      };
      return update(resource, merged(before, patch.body as KubeObject) as KubeObject);
    },
    updateStatus: (resource, name, namespace, change) => {
      const before = store.get(resource, name, namespace)?.object;
      if (before === undefined) return undefined;
      return update(resource, {
        ...before,
        status: change((before["status"] ?? {}) as object as Record<string, unknown>),
      });
    },
    remove: (resource, name, namespace) => store.remove(resource, name, namespace)?.object,
  };
}

/** RFC 7396. */
function merged(before: unknown, patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const out: Record<string, unknown> =
    typeof before === "object" && before !== null && !Array.isArray(before) ? { ...before } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete out[key];
    else out[key] = merged(out[key], value);
  }
  return out;
}
