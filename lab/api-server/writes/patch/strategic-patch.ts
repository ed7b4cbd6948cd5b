import { resolved, type Schema } from "../../openapi/schema.ts";
import { badRequest } from "../../status.ts";
import { isObject, type JsonObject, objectOf } from "../json.ts";
import { mergeList } from "./strategic-list.ts";
import { directive, isOrderOf, isPrimitiveDeletion, retainKeys } from "./directives.ts";

/** The part of a schema that says how a field is merged. */
export interface Strategy {
  readonly schema: Schema | undefined;
  readonly replaces: boolean;
  readonly retains: boolean;
  /** A list is merged with what is there, item by item. */
  readonly merges: boolean;
  readonly mergeKey: string | undefined;
}

function strategyOf(parent: Schema | undefined, name: string): Strategy {
  const reference = parent?.properties?.[name] ?? parent?.additionalProperties;
  const schema = reference === undefined ? undefined : resolved(reference);
  const words = (schema?.["x-kubernetes-patch-strategy"] ?? "").split(",");
  return {
    schema,
    replaces: words.includes("replace"),
    retains: words.includes("retainKeys"),
    merges: words.includes("merge"),
    mergeKey: schema?.["x-kubernetes-patch-merge-key"],
  };
}

/**
 * Strategic merge patch (kubernetes/apimachinery pkg/util/strategicpatch/patch.go). The target is not changed.
 * @throws StatusError 400 for a patch that names an item without its key, or an unknown directive
 */
export function strategicPatch(target: JsonObject, patch: JsonObject, reference: Schema): JsonObject {
  return mergeMap(target, patch, resolved(reference), false);
}

/** @param retains the field's strategy wants `$retainKeys` obeyed */
export function mergeMap(
  original: JsonObject,
  patch: JsonObject,
  schema: Schema | undefined,
  retains: boolean,
): JsonObject {
  const marker = patch[directive];
  if (marker === "replace") return withoutDirectives(patch) as JsonObject;
  if (marker === "delete") return {};
  if (marker !== undefined && marker !== "merge")
    throw badRequest(`unknown patch type: ${String(marker)} found in map`);
  const merged = retained(original, patch, retains);
  const names = new Set(Object.keys(patch).filter((name) => !name.startsWith("$")));
  for (const name of Object.keys(patch)) {
    const ordered = isOrderOf(name) ?? isPrimitiveDeletion(name);
    if (ordered !== undefined) names.add(ordered);
  }
  for (const name of names) mergeField(merged, patch, name, strategyOf(schema, name));
  return merged;
}

/** `$retainKeys` names the fields of a union that stay. */
function retained(original: JsonObject, patch: JsonObject, retains: boolean): JsonObject {
  const keys = patch[retainKeys];
  if (!retains || !Array.isArray(keys)) return { ...original };
  return Object.fromEntries(Object.entries(original).filter(([name]) => keys.includes(name)));
}

function mergeField(merged: JsonObject, patch: JsonObject, name: string, strategy: Strategy): void {
  const value = patch[name];
  const own = merged[name];
  if (value === null) {
    delete merged[name];
    return;
  }
  if (Array.isArray(own) && (value === undefined || Array.isArray(value))) {
    const order = patch[`$setElementOrder/${name}`];
    const deleted = patch[`$deleteFromPrimitiveList/${name}`];
    merged[name] = mergeList(own, value, strategy, { order, deleted });
  } else if (value === undefined) return;
  else if (isObject(own) && isObject(value) && !strategy.replaces)
    merged[name] = mergeMap(own, value, strategy.schema, strategy.retains);
  else if (isObject(value) && value[directive] === "delete") {
    if (own !== undefined) merged[name] = {};
  } else merged[name] = withoutDirectives(value);
}

/** A new value as it is stored: directives and nulls have done their work. */
export function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value))
    return value
      .filter((item) => objectOf(item)[directive] !== "delete" && !isBareReplace(item))
      .map(withoutDirectives);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, entry]) => !name.startsWith("$") && entry !== null)
      .map(([name, entry]) => [name, withoutDirectives(entry)]),
  );
}

const isBareReplace = (item: unknown): boolean =>
  isObject(item) && item[directive] === "replace" && Object.keys(item).length === 1;
