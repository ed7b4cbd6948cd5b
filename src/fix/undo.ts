import type { Difference } from "../base/differences.ts";
import { type JsonOperation, pointerParts, valueAt } from "./json-patch.ts";
import type { JsonObject } from "../base/json-value.ts";

/** What takes a change back, or the fields that somebody has changed since. */
export type Undo =
  | { readonly kind: "patch"; readonly patch: readonly JsonOperation[] }
  | { readonly kind: "changed-since"; readonly fields: readonly ChangedSince[] };

interface ChangedSince {
  readonly path: string;
  /** What the change had made of it, and what it is now; absent: not there. */
  readonly ours?: unknown;
  readonly now?: unknown;
}

/** Undoes field by field, and only when each still is what the change had made of it. */
export function undoOf(made: readonly Difference[], current: JsonObject): Undo {
  const fields = made.flatMap((difference): ChangedSince[] => {
    const now = valueAt(current, pointerParts(difference.path));
    const isOurs = JSON.stringify(now) === JSON.stringify(difference.after);
    return isOurs ? [] : [{ path: difference.path, ours: difference.after, now }];
  });
  if (fields.length > 0) return { kind: "changed-since", fields };
  const patch = made.map(({ path, before, after }): JsonOperation => {
    if (before === undefined) return { op: "remove", path };
    return { op: after === undefined ? "add" : "replace", path, value: before };
  });
  return { kind: "patch", patch };
}
