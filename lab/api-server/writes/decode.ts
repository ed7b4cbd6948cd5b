import { toAutoscalingV2 } from "../autoscaler-shapes.ts";
import { toCoreEvent } from "../event-shapes.ts";
import { resolved, type Schema, schemaOf, structName } from "../openapi/schema.ts";
import { badRequest } from "../status.ts";
import { storedKinds, type StoredResource } from "../stored-kinds.ts";
import type { KubeObject } from "../stored-object.ts";
import { isObject } from "./json.ts";

const metadataSchema: Schema = {
  $ref: "#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta",
};

/** How objects of other versions than the stored one become it. */
const otherVersions: Readonly<
  Record<string, { readonly [R in StoredResource]?: (object: KubeObject) => KubeObject }>
> = {
  "autoscaling/v1": { horizontalpodautoscalers: toAutoscalingV2 },
  "events.k8s.io/v1": { events: toCoreEvent },
};

/** What a walk over one object carries along. */
interface Walk {
  readonly unknown: string[];
  readonly refuse: (value: unknown, type: string, struct: string, path: string) => never;
}

/**
 * Makes of a body what decoding it into the Go type of its kind would: fields the type does not have and nulls go
 * (in place).
 * @returns paths of the fields that are not known
 * @throws StatusError 400 for a value of the wrong type, or the wrong kind
 */
export function decode(resource: StoredResource, object: KubeObject): string[] {
  const { kind, group, version } = storedKinds[resource];
  const apiVersion = group === "" ? version : `${group}/${version}`;
  if (object.kind !== undefined && object.kind !== kind)
    throw badRequest(`${object.kind} in version "${version}" cannot be handled as a ${kind}`);
  const isOther = object.apiVersion !== undefined && object.apiVersion !== apiVersion;
  const convert = isOther ? otherVersions[object.apiVersion ?? ""]?.[resource] : undefined;
  if (convert !== undefined) {
    const converted = { ...convert(object), apiVersion };
    for (const name of Object.keys(object)) delete object[name];
    Object.assign(object, converted);
  } else if (isOther)
    throw badRequest(
      `the API version in the data (${object.apiVersion}) does not match the expected API version (${apiVersion})`,
    );
  const schema = schemaOf(resource);
  if (schema !== undefined) return decodeAs(kind, version, schema, object);
  // Of a kind that Kubernetes does not define, the metadata is its own all the same.
  return object.metadata === undefined
    ? []
    : decodeAs(kind, version, metadataSchema, object.metadata).map((path) => `metadata.${path}`);
}

function decodeAs(kind: string, version: string, schema: Schema, object: unknown): string[] {
  const walk: Walk = {
    unknown: [],
    refuse: (value, type, struct, path) => {
      throw badRequest(
        `${kind} in version "${version}" cannot be handled as a ${kind}: json: cannot unmarshal ${jsonType(value)} into Go struct field ${struct}.${path} of type ${type}`,
      );
    },
  };
  prune(object, schema, structName(schema), "", walk);
  return walk.unknown;
}

function prune(value: unknown, reference: Schema, struct: string, path: string, walk: Walk): void {
  const schema = resolved(reference);
  if (schema.properties !== undefined) return pruneStruct(value, reference, schema.properties, path, walk);
  if (schema.additionalProperties !== undefined) {
    const { additionalProperties } = schema;
    if (!isObject(value)) return walk.refuse(value, "map[string]string", struct, path);
    for (const [name, entry] of Object.entries(value))
      if (entry === null) value[name] = additionalProperties.type === "string" ? "" : {};
      else {
        prune(entry, additionalProperties, struct, `${path}.${name}`, walk);
        value[name] = canonical(entry, additionalProperties);
      }
    return;
  }
  if (schema.type === "array") {
    if (!Array.isArray(value)) return walk.refuse(value, "[]string", struct, path);
    const { items } = schema;
    if (items !== undefined)
      value.forEach((item, index) => prune(item, items, struct, `${path}[${index}]`, walk));
    return;
  }
  checkScalar(value, reference, schema, struct, path, walk);
}

function pruneStruct(
  value: unknown,
  reference: Schema,
  properties: Readonly<Record<string, Schema>>,
  path: string,
  walk: Walk,
): void {
  const struct = structName(reference);
  if (!isObject(value)) return walk.refuse(value, `v1.${struct}`, struct, path);
  for (const [name, field] of Object.entries(value)) {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    const at = path === "" ? name : `${path}.${name}`;
    if (property === undefined) walk.unknown.push(at);
    if (property === undefined || field === null || field === undefined) delete value[name];
    else {
      prune(field, property, struct, at, walk);
      value[name] = canonical(field, property);
    }
  }
}

/** Quantities are texts once they are in. */
const canonical = (value: unknown, reference: Schema): unknown =>
  typeof value === "number" && structName(reference) === "Quantity" ? String(value) : value;

const goTypes: Readonly<Record<string, string>> = { string: "string", boolean: "bool", number: "float64" };

function checkScalar(
  value: unknown,
  reference: Schema,
  schema: Schema,
  struct: string,
  path: string,
  walk: Walk,
): void {
  const { type, format } = schema;
  const isQuantity = structName(reference) === "Quantity";
  if (format === "int-or-string" || isQuantity) {
    if (typeof value === "string" || (isQuantity ? typeof value === "number" : Number.isInteger(value)))
      return;
    walk.refuse(value, isQuantity ? "resource.Quantity" : "intstr.IntOrString", struct, path);
  }
  if (type === "integer") {
    if (!Number.isSafeInteger(value)) walk.refuse(value, format ?? "int64", struct, path);
  } else if (type !== undefined && type !== "object" && typeof value !== type)
    walk.refuse(value, goTypes[type] ?? type, struct, path);
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "boolean") return "bool";
  return typeof value === "number" && !Number.isInteger(value) ? `number ${value}` : typeof value;
}
