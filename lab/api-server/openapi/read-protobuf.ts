import { readFileSync } from "node:fs";
import { ownFile } from "../../own-file.ts";
import { definitionName, resolved, type Schema, schemaOfKind, structName } from "./schema.ts";
import { bytesOf, numberOf, packedVarints, textOf, type WireField, wireFields } from "./wire.ts";

/** Before every protobuf body (kubernetes/apimachinery pkg/runtime/serializer/protobuf). */
const magic = Buffer.from("k8s\0");

type JsonObject = Record<string, unknown>;
type Numbers = Readonly<Record<string, Readonly<Record<string, string>>>>;

let loaded: Numbers | undefined;

/** Field numbers by definition, read at first use. */
function fieldNumbers(): Numbers {
  loaded ??= JSON.parse(readFileSync(ownFile("api-server/openapi/protobuf-fields.json"), "utf8")) as Numbers;
  return loaded;
}

/**
 * An object that a client sent as application/vnd.kubernetes.protobuf, as its JSON would be. Typed clients, kubectl
 * among them, create objects this way.
 * @throws RangeError for bytes that are no such message, or a kind whose fields are not known
 */
export function readProtobuf(body: Buffer): JsonObject {
  if (!body.subarray(0, magic.length).equals(magic))
    throw new RangeError("the body has not the prefix of Kubernetes' protobuf");
  const unknown = wireFields(body.subarray(magic.length));
  const typeMeta = wireFields(bytesIn(unknown, 1));
  const apiVersion = textOf(typeMeta, 1);
  const kind = textOf(typeMeta, 2);
  const [version = "", group = ""] = apiVersion.split("/").reverse();
  const schema = schemaOfKind({ group, version, kind });
  if (schema === undefined)
    throw new RangeError(`no kind "${kind}" is registered for version "${apiVersion}"`);
  return { kind, apiVersion, ...readMessage(bytesIn(unknown, 2), definitionName(schema), resolved(schema)) };
}

const bytesIn = (fields: readonly WireField[], number: number): Buffer => {
  const field = fields.find((f) => f.number === number);
  return field === undefined ? Buffer.alloc(0) : bytesOf(field);
};

function readMessage(buffer: Buffer, definition: string, schema: Schema): JsonObject {
  const names = fieldNumbers()[definition] ?? {};
  const object: JsonObject = {};
  for (const field of wireFields(buffer)) {
    const entry = names[field.number];
    if (entry === undefined) continue;
    if (entry.startsWith(">")) {
      // Its fields are the holder's own in JSON, and described there.
      Object.assign(object, readMessage(bytesOf(field), entry.slice(1), schema));
      continue;
    }
    const leavesOutZero = entry.startsWith("?");
    const name = leavesOutZero ? entry.slice(1) : entry;
    const property = schema.properties?.[name];
    if (property !== undefined) readField(object, name, field, property, leavesOutZero);
  }
  return object;
}

function readField(
  object: JsonObject,
  name: string,
  field: WireField,
  property: Schema,
  leavesOutZero: boolean,
): void {
  const { type, items, additionalProperties } = resolved(property);
  if (type === "array" && items !== undefined) {
    const list = (object[name] ??= []) as unknown[];
    if (items.type === "integer" && Buffer.isBuffer(field.value))
      list.push(...packedVarints(field.value).map(Number));
    else list.push(readValue(field, items));
    return;
  }
  if (additionalProperties !== undefined) {
    const map = (object[name] ??= {}) as JsonObject;
    const entry = wireFields(bytesOf(field));
    const value = entry.find((f) => f.number === 2) ?? { number: 2, value: Buffer.alloc(0) };
    map[textOf(entry, 1)] = readValue(value, additionalProperties);
    return;
  }
  const value = readValue(field, property);
  if (value !== undefined && !(leavesOutZero && isZero(value))) object[name] = value;
}

const isZero = (value: unknown): boolean =>
  value === "" ||
  value === 0 ||
  value === false ||
  (typeof value === "object" && value !== null && Object.keys(value).length === 0);

function readValue(field: WireField, reference: Schema): unknown {
  const special = readSpecial(structName(reference), bytesOf(field));
  if (special !== notSpecial) return special;
  const schema = resolved(reference);
  switch (schema.type) {
    case "string":
      return bytesOf(field).toString(schema.format === "byte" ? "base64" : "utf8");
    case "integer":
    case "number":
      return Number(field.value);
    case "boolean":
      return field.value === 1n;
    default:
      return readMessage(bytesOf(field), definitionName(reference), schema);
  }
}

const notSpecial = Symbol("a message like others");

/** Types that are a message on the wire and a plain value in JSON. */
function readSpecial(struct: string, bytes: Buffer): unknown {
  switch (struct) {
    case "Quantity":
      return textOf(wireFields(bytes), 1);
    case "IntOrString": {
      const fields = wireFields(bytes);
      return numberOf(fields, 1) === 0 ? numberOf(fields, 2) : textOf(fields, 3);
    }
    case "Time":
    case "MicroTime":
      return timeOf(wireFields(bytes), struct === "MicroTime");
    case "FieldsV1":
    case "RawExtension": {
      const raw = bytesIn(wireFields(bytes), 1);
      return raw.length === 0 ? undefined : (JSON.parse(raw.toString("utf8")) as unknown);
    }
    default:
      return notSpecial;
  }
}

/** Go's zero time, which is no time. */
const zeroSeconds = -62_135_596_800;

function timeOf(fields: readonly WireField[], isMicro: boolean): string | undefined {
  const seconds = numberOf(fields, 1);
  if (fields.length === 0 || seconds === zeroSeconds) return undefined;
  const text = new Date(seconds * 1000).toISOString().slice(0, 19);
  const micros = Math.floor(numberOf(fields, 2) / 1000);
  return isMicro ? `${text}.${String(micros).padStart(6, "0")}Z` : `${text}Z`;
}
