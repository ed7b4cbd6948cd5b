import { resolved, type Schema, schemaOf } from "../openapi/schema.ts";
import type { StoredResource } from "../stored-kinds.ts";
import type { KubeObject } from "../stored-object.ts";
import { type FieldError, required } from "./field-error.ts";
import { isObject } from "./json.ts";

/**
 * Fields that the schema requires and the object lacks. Not in `status`, whose writers leave to Go's zero values what
 * they do not know.
 */
export function missingFields(resource: StoredResource, object: KubeObject): FieldError[] {
  const errors: FieldError[] = [];
  const schema = schemaOf(resource);
  if (schema !== undefined) search({ ...object, status: undefined, metadata: {} }, schema, "", errors);
  return errors;
}

function search(value: unknown, reference: Schema, path: string, errors: FieldError[]): void {
  const schema = resolved(reference);
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items !== undefined) value.forEach((item, index) => search(item, items, `${path}[${index}]`, errors));
    return;
  }
  if (!isObject(value)) return;
  const at = (name: string): string => (path === "" ? name : `${path}.${name}`);
  for (const name of schema.required ?? []) if (value[name] === undefined) errors.push(required(at(name)));
  for (const [name, field] of Object.entries(value)) {
    const property = schema.properties?.[name] ?? schema.additionalProperties;
    if (property !== undefined && field !== undefined) search(field, property, at(name), errors);
  }
}
