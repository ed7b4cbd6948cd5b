import type { OpenApiDocument, PatchOperation } from "./document.ts";
import type { Schema } from "./schema.ts";

const lengthDelimited = 2;
const varintType = 0;

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let left = value;
  for (; left > 127; left = Math.floor(left / 128)) bytes.push((left % 128) + 128);
  bytes.push(left);
  return Buffer.from(bytes);
}

/** One field: a text, a message, or a flag; none when it is undefined. */
function field(number: number, value: string | Buffer | boolean | undefined): Buffer {
  if (value === undefined) return Buffer.alloc(0);
  if (typeof value === "boolean")
    return Buffer.concat([varint(number * 8 + varintType), varint(value ? 1 : 0)]);
  const body = typeof value === "string" ? Buffer.from(value) : value;
  return Buffer.concat([varint(number * 8 + lengthDelimited), varint(body.length), body]);
}

const message = (...fields: readonly Buffer[]): Buffer => Buffer.concat(fields);
const named = (name: string, value: Buffer): Buffer => message(field(1, name), field(2, value));

/** Any: its value as YAML, of which JSON is a part. */
const any = (value: unknown): Buffer => field(2, JSON.stringify(value));

const extensions = (number: number, holder: object): Buffer =>
  Buffer.concat(
    Object.entries(holder)
      .filter(([name]) => name.startsWith("x-"))
      .map(([name, value]) => field(number, named(name, any(value)))),
  );

/**
 * The document in the protobuf form of google/gnostic-models openapiv2/OpenAPIv2.proto, whose field numbers these are.
 */
export function writeProtobuf({ swagger, info, paths, definitions }: OpenApiDocument): Buffer {
  const pathItems = Object.entries(paths).map(([path, { patch }]) =>
    field(2, named(path, field(8, operation(patch)))),
  );
  return message(
    field(1, swagger),
    field(2, message(field(1, info.title), field(2, info.version))),
    field(8, message(...pathItems)),
    field(9, namedSchemas(definitions)),
  );
}

const namedSchemas = (schemas: Readonly<Record<string, Schema>>): Buffer =>
  message(...Object.entries(schemas).map(([name, value]) => field(1, named(name, schema(value)))));

function operation(patch: PatchOperation): Buffer {
  const parameters = patch.parameters.map(({ name, in: place, type, uniqueItems }) => {
    const query = message(field(2, place), field(4, name), field(6, type), field(20, uniqueItems));
    // ParametersItem.parameter, Parameter.non_body_parameter, NonBodyParameter.query_parameter_sub_schema
    return field(8, field(1, field(2, field(3, query))));
  });
  const { description } = patch.responses["200"];
  return message(
    field(5, patch.operationId),
    ...parameters,
    field(9, field(1, named("200", field(1, field(1, description))))),
    extensions(13, patch),
  );
}

function schema(s: Schema): Buffer {
  const { required = [], additionalProperties, items, properties } = s;
  return message(
    field(1, s.$ref),
    field(2, s.format),
    ...required.map((name) => field(19, name)),
    field(21, additionalProperties === undefined ? undefined : field(1, schema(additionalProperties))),
    field(22, s.type === undefined ? undefined : field(1, s.type)),
    field(23, items === undefined ? undefined : field(1, schema(items))),
    field(25, properties === undefined ? undefined : namedSchemas(properties)),
    extensions(31, s),
  );
}
