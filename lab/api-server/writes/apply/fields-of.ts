import { resolved, type Schema } from "../../openapi/schema.ts";
import type { KubeObject } from "../../stored-object.ts";
import { isObject, type JsonObject, objectOf } from "../json.ts";
import { child, type FieldPath, keyElement, valueElement } from "./field-path.ts";

/** Fields of an object with their values; an item of a keyed list counts as a field itself. */
export type Fields = Map<FieldPath, unknown>;

/** Metadata that writers own; the rest is the server's. */
const ownedMetadata = ["annotations", "finalizers", "generateName", "labels", "ownerReferences"];

const present = "present";

/**
 * All fields of an object that a manager can own.
 * @param schema undefined for kinds without one: their lists are atomic
 * @param withMaps a map counts as a field too, as it does for updates
 */
export function fieldsOf(object: KubeObject, schema: Schema | undefined, withMaps: boolean): Fields {
  const { apiVersion: _v, kind: _k, metadata, ...rest } = object;
  const owned = Object.fromEntries(
    Object.entries(objectOf(metadata)).filter(([name]) => ownedMetadata.includes(name)),
  );
  const fields: Fields = new Map();
  const whole: JsonObject = Object.keys(owned).length === 0 ? rest : { metadata: owned, ...rest };
  const properties = schema === undefined ? undefined : resolved(schema).properties;
  for (const [name, value] of Object.entries(whole))
    if (value !== undefined) collect(value, properties?.[name], child("", `f:${name}`), fields, withMaps);
  return fields;
}

export const isAtomicMap = (schema: Schema | undefined): boolean =>
  schema?.["x-kubernetes-map-type"] === "atomic";

function collect(
  value: unknown,
  reference: Schema | undefined,
  path: FieldPath,
  fields: Fields,
  withMaps: boolean,
): void {
  const schema = reference === undefined ? undefined : resolved(reference);
  if (Array.isArray(value)) return collectList(value, schema, path, fields, withMaps);
  const entries = isObject(value) && !isAtomicMap(schema) ? Object.entries(value) : [];
  if (entries.length === 0) {
    fields.set(path, value);
    return;
  }
  if (withMaps && schema?.additionalProperties !== undefined) fields.set(path, present);
  for (const [name, entry] of entries) {
    const property = schema?.properties?.[name] ?? schema?.additionalProperties;
    if (entry !== undefined) collect(entry, property, child(path, `f:${name}`), fields, withMaps);
  }
}

function collectList(
  list: readonly unknown[],
  schema: Schema | undefined,
  path: FieldPath,
  fields: Fields,
  withMaps: boolean,
): void {
  const keys = schema?.["x-kubernetes-list-map-keys"];
  const type = schema?.["x-kubernetes-list-type"];
  const elements = list.map((item) =>
    type === "map" && keys !== undefined
      ? keyElement(item, keys)
      : type === "set"
        ? valueElement(item)
        : undefined,
  );
  if (list.length === 0 || elements.includes(undefined)) {
    fields.set(path, list);
    return;
  }
  elements.forEach((element, index) => {
    const at = child(path, element ?? "");
    fields.set(at, present);
    const item = list[index];
    if (type !== "map" || !isObject(item)) return;
    const itemSchema = schema?.items === undefined ? undefined : resolved(schema.items);
    for (const [name, value] of Object.entries(item))
      if (value !== undefined)
        collect(value, itemSchema?.properties?.[name], child(at, `f:${name}`), fields, withMaps);
  });
}
