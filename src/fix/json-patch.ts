import { isObject, isUnsafeName } from "../base/json-value.ts";

/** What a JSON patch of ours may hold: the three operations that state a value, and the guard before them. */
export interface JsonOperation {
  readonly op: "add" | "replace" | "remove" | "test";
  readonly path: string;
  readonly value?: unknown;
}

/** RFC 6901: "/a~1b/0" is ["a/b", "0"]. */
export const pointerParts = (path: string): string[] =>
  path
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));

/** RFC 6902 without move and copy; the target is not changed. Undefined when an operation cannot be done. */
export function jsonPatch(target: unknown, patch: readonly JsonOperation[]): unknown {
  const holder = { root: structuredClone(target) };
  for (const operation of patch) if (!isDone(holder, operation)) return undefined;
  return holder.root;
}

function isDone(holder: { root: unknown }, { op, path, value }: JsonOperation): boolean {
  const parts = pointerParts(path);
  if (parts.some(isUnsafeName) || (path !== "" && !path.startsWith("/"))) return false;
  const last = parts.pop();
  if (last === undefined) return false;
  const parent = valueAt(holder.root, parts);
  if (Array.isArray(parent)) return isListDone(parent, op, last, value);
  if (!isObject(parent)) return false;
  const object = parent as Record<string, unknown>;
  const isThere = Object.hasOwn(object, last);
  if (op === "test") return isThere && JSON.stringify(object[last]) === JSON.stringify(value);
  if (op !== "add" && !isThere) return false;
  if (op === "remove") delete object[last];
  else object[last] = structuredClone(value);
  return true;
}

function isListDone(list: unknown[], op: JsonOperation["op"], last: string, value: unknown): boolean {
  const index =
    op === "add" && last === "-" ? list.length : /^(?:0|[1-9]\d*)$/.test(last) ? Number(last) : -1;
  const highest = op === "add" ? list.length : list.length - 1;
  if (index < 0 || index > highest) return false;
  if (op === "test") return JSON.stringify(list[index]) === JSON.stringify(value);
  if (op === "remove") list.splice(index, 1);
  else list.splice(index, op === "add" ? 0 : 1, structuredClone(value));
  return true;
}

/** What stands at a place; undefined where nothing does. */
export const valueAt = (root: unknown, place: readonly (string | number)[]): unknown =>
  place.reduce((parent, part) => childOf(parent, String(part)), root);

function childOf(parent: unknown, part: string): unknown {
  if (Array.isArray(parent)) return parent[Number(part)];
  return isObject(parent) && Object.hasOwn(parent, part) ? parent[part] : undefined;
}
