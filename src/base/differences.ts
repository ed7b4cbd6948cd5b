import { isObject } from "./json-value.ts";

/** One field that two objects differ in; an absent side has no such field. */
export interface Difference {
  /** JSON pointer (RFC 6901). */
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/**
 * Where two values differ, as deep as it can be said: objects field by field, lists of the same length item by
 * item, others as a whole.
 */
export function differences(before: unknown, after: unknown, path = ""): Difference[] {
  if (isObject(before) && isObject(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names].flatMap((name) => fieldDifference(before, after, name, path));
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length)
    return before.flatMap((item, i) => differences(item, after[i], `${path}/${i}`));
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }];
}

function fieldDifference(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
  name: string,
  path: string,
): Difference[] {
  const here = `${path}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
  if (!Object.hasOwn(after, name)) return [{ path: here, before: before[name] }];
  if (!Object.hasOwn(before, name)) return [{ path: here, after: after[name] }];
  return differences(before[name], after[name], here);
}
