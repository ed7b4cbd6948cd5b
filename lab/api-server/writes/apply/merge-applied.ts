import { resolved, type Schema } from "../../openapi/schema.ts";
import { isObject, type JsonObject } from "../json.ts";
import { elementsOf, type FieldPath, keyElement, valueElement } from "./field-path.ts";
import { isAtomicMap } from "./fields-of.ts";

/**
 * What an applied configuration makes of a live value: maps and keyed lists merge, the rest is replaced
 * (kubernetes-sigs/structured-merge-diff typed/merge.go). Neither is changed.
 */
export function mergeApplied(live: unknown, applied: unknown, reference: Schema | undefined): unknown {
  const schema = reference === undefined ? undefined : resolved(reference);
  if (Array.isArray(live) && Array.isArray(applied)) return mergeLists(live, applied, schema);
  if (!isObject(live) || !isObject(applied) || isAtomicMap(schema)) return applied;
  const merged: JsonObject = { ...live };
  for (const [name, value] of Object.entries(applied))
    merged[name] = mergeApplied(
      live[name],
      value,
      schema?.properties?.[name] ?? schema?.additionalProperties,
    );
  return merged;
}

function mergeLists(
  live: readonly unknown[],
  applied: readonly unknown[],
  schema: Schema | undefined,
): readonly unknown[] {
  const elementOf = elementReader(schema);
  if (elementOf === undefined) return applied;
  const merged = [...live];
  for (const item of applied) {
    const element = elementOf(item);
    const at = merged.findIndex((own) => element !== undefined && elementOf(own) === element);
    if (at === -1) merged.push(item);
    else merged[at] = mergeApplied(merged[at], item, schema?.items);
  }
  return merged;
}

/** How the items of a list are told apart; undefined for an atomic one. */
function elementReader(schema: Schema | undefined): ((item: unknown) => string | undefined) | undefined {
  const keys = schema?.["x-kubernetes-list-map-keys"];
  if (schema?.["x-kubernetes-list-type"] === "set") return valueElement;
  return schema?.["x-kubernetes-list-type"] === "map" && keys !== undefined
    ? (item) => keyElement(item, keys)
    : undefined;
}

/** Takes a field away, and what is empty without it (in place). */
export function removeField(root: JsonObject, path: FieldPath): void {
  const [first = "", ...rest] = elementsOf(path);
  removeBelow(root, first, rest);
}

function removeBelow(parent: unknown, element: string, rest: readonly string[]): void {
  const key = keyIn(parent, element);
  if (key === undefined) return;
  const container = parent as Record<string | number, unknown>;
  const [next, ...further] = rest;
  if (next !== undefined) {
    removeBelow(container[key], next, further);
    if (!isEmpty(container[key])) return;
  }
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete container[key];
}

const isEmpty = (value: unknown): boolean =>
  (Array.isArray(value) && value.length === 0) || (isObject(value) && Object.keys(value).length === 0);

/** The name or index of a path's element in its parent. */
function keyIn(parent: unknown, element: string): string | number | undefined {
  const rest = element.slice(2);
  if (element.startsWith("f:")) return isObject(parent) && Object.hasOwn(parent, rest) ? rest : undefined;
  if (!Array.isArray(parent)) return undefined;
  const wanted: unknown = JSON.parse(rest);
  const keys = isObject(wanted) ? Object.keys(wanted) : [];
  const at = parent.findIndex((item) =>
    element.startsWith("k:") ? keyElement(item, keys) === element : valueElement(item) === element,
  );
  return at === -1 ? undefined : at;
}
