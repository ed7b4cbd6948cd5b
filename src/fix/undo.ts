import type { Difference } from "../base/differences.ts";
import { type JsonOperation, pointerParts, valueAt } from "./json-patch.ts";
import type { JsonObject } from "../base/json-value.ts";

/** What takes a change back, or the fields that somebody has changed since. */
export type Undo =
  | { readonly kind: "patch"; readonly patch: readonly JsonOperation[] }
  /** Every field is as it was before the change, as if it had never been made. */
  | { readonly kind: "as-before" }
  | { readonly kind: "changed-since"; readonly fields: readonly ChangedSince[] };

interface ChangedSince {
  readonly path: string;
  /** What the change had made of it, and what it is now; absent: not there. */
  readonly ours?: unknown;
  readonly now?: unknown;
}

/** Undoes field by field, and only when each still is what the change had made of it, or again what it was before. */
export function undoOf(made: readonly Difference[], current: JsonObject): Undo {
  const now = ({ path }: Difference): unknown => valueAt(current, pointerParts(path));
  const ours = made.filter((d) => isSame(now(d), d.after));
  const fields = made
    .filter((d) => !isSame(now(d), d.after) && !isSame(now(d), d.before))
    .map((d): ChangedSince => ({ path: d.path, ours: d.after, now: now(d) }));
  if (fields.length > 0) return { kind: "changed-since", fields };
  if (ours.length === 0) return { kind: "as-before" };
  const patch = ours.map(({ path, before, after }): JsonOperation => {
    if (before === undefined) return { op: "remove", path };
    return { op: after === undefined ? "add" : "replace", path, value: before };
  });
  return { kind: "patch", patch };
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
