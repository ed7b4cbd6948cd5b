import type { ReviewBody } from "./review.ts";

/** Before every protobuf body (kubernetes/apimachinery pkg/runtime/serializer/protobuf). */
const magic = Buffer.from("k8s\0");

/** Strings and messages of one protobuf message by field number; other types are skipped. */
type Fields = ReadonlyMap<number, Buffer>;

export const isProtobuf = (body: Buffer): boolean => body.subarray(0, magic.length).equals(magic);

/**
 * Reads the spec of a SelfSubjectAccessReview or SelfSubjectRulesReview: kubectl posts them as protobuf.
 * Field numbers are those of kubernetes/api authorization/v1/generated.proto.
 * @throws RangeError when the message is cut or holds a type the API does not use
 */
export function readProtobufReview(body: Buffer): ReviewBody {
  const unknown = fieldsOf(body.subarray(magic.length));
  const kind = text(fieldsOf(message(unknown, 1)), 2);
  const spec = fieldsOf(message(fieldsOf(message(unknown, 2)), 2));
  if (kind === "SelfSubjectRulesReview") return { spec: { namespace: text(spec, 1) } };
  if (!spec.has(1)) {
    const paths = fieldsOf(message(spec, 2));
    return { spec: { nonResourceAttributes: { path: text(paths, 1), verb: text(paths, 2) } } };
  }
  const asked = fieldsOf(message(spec, 1));
  const resourceAttributes = {
    namespace: text(asked, 1),
    verb: text(asked, 2),
    group: text(asked, 3),
    version: text(asked, 4),
    resource: text(asked, 5),
    subresource: text(asked, 6),
    name: text(asked, 7),
  };
  return { spec: { resourceAttributes } };
}

const message = (fields: Fields, number: number): Buffer => fields.get(number) ?? Buffer.alloc(0);
const text = (fields: Fields, number: number): string => message(fields, number).toString("utf8");

function fieldsOf(buffer: Buffer): Fields {
  const fields = new Map<number, Buffer>();
  let at = 0;
  const varint = (): number => {
    for (let value = 0, factor = 1; ; factor *= 128) {
      const byte = buffer.readUInt8(at);
      at += 1;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  };
  while (at < buffer.length) {
    const tag = varint();
    const wireType = tag & 7;
    if (wireType === 0) varint();
    else if (wireType === 2) {
      const length = varint();
      if (at + length > buffer.length) throw new RangeError("the protobuf message is cut");
      fields.set(tag >>> 3, buffer.subarray(at, at + length));
      at += length;
    } else throw new RangeError(`protobuf wire type ${wireType} is not used by the API`);
  }
  return fields;
}
