import { isObject } from "../json.ts";

/**
 * A path to a field, as FieldsV1 writes its elements (kubernetes-sigs/structured-merge-diff
 * fieldpath/serialize-pe.go), joined: f:NAME a field, k:{KEYS} an item of a list by its keys, v:VALUE an item of a set.
 */
export type FieldPath = string;

const separator = "\n";

export const child = (path: FieldPath, element: string): FieldPath =>
  path === "" ? element : path + separator + element;

export const elementsOf = (path: FieldPath): string[] => path.split(separator);

/** ".spec.containers[name=\"app\"].image" */
export const pathText = (path: FieldPath): string =>
  elementsOf(path)
    .map((element) => {
      const rest = element.slice(2);
      if (element.startsWith("f:")) return `.${rest}`;
      if (element.startsWith("v:")) return `[=${rest}]`;
      const keys = Object.entries(JSON.parse(rest) as Record<string, unknown>);
      return `[${keys.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(",")}]`;
    })
    .join("");

/** Keys that are part of every item even when nobody writes them. */
const keyDefaults: Readonly<Record<string, unknown>> = { protocol: "TCP" };

/** "k:{…}" of an item of a list that is a map; undefined when it lacks a key. */
export function keyElement(item: unknown, keys: readonly string[]): string | undefined {
  if (!isObject(item)) return undefined;
  const found: Record<string, unknown> = {};
  for (const key of keys.toSorted()) {
    const value = item[key] ?? keyDefaults[key];
    if (value === undefined) return undefined;
    found[key] = value;
  }
  return `k:${JSON.stringify(found)}`;
}

export const valueElement = (value: unknown): string => `v:${JSON.stringify(value)}`;

type Trie = { [element: string]: Trie };

/** Paths as the nested object of FieldsV1. */
export function writeFields(paths: Iterable<FieldPath>): Trie {
  const root: Trie = {};
  for (const path of [...paths].sort()) {
    let node = root;
    for (const element of elementsOf(path)) node = node[element] ??= {};
    node["."] = {};
  }
  return withoutLeafDots(root);
}

/** A field with nothing below it is {}, not {".": {}}. */
function withoutLeafDots(node: Trie): Trie {
  const entries = Object.entries(node);
  if (entries.length === 1 && node["."] !== undefined) return {};
  return Object.fromEntries(
    entries.map(([element, below]) => [element, element === "." ? {} : withoutLeafDots(below)]),
  );
}

/** Paths of a FieldsV1 object, whatever else a client put there. */
export function parseFields(
  fields: unknown,
  at: FieldPath = "",
  into = new Set<FieldPath>(),
): Set<FieldPath> {
  if (!isObject(fields)) return into;
  for (const [element, below] of Object.entries(fields)) {
    if (element === ".") into.add(at);
    else if (isObject(below) && Object.keys(below).length > 0) parseFields(below, child(at, element), into);
    else into.add(child(at, element));
  }
  return into;
}
