/** One field of a protobuf message as it is on the wire. */
export interface WireField {
  readonly number: number;
  /** A varint or fixed number, or the bytes of a text or message. */
  readonly value: bigint | number | Buffer;
}

/**
 * The fields of a message in their order.
 * @throws RangeError when it is cut or holds a type the API does not use
 */
export function wireFields(buffer: Buffer): WireField[] {
  const fields: WireField[] = [];
  let at = 0;
  const varint = (): bigint => {
    const { value, next } = readVarint(buffer, at);
    at = next;
    return value;
  };
  while (at < buffer.length) {
    const tag = Number(varint());
    const number = Math.floor(tag / 8);
    const wireType = tag % 8;
    if (wireType === 0) fields.push({ number, value: varint() });
    else if (wireType === 1) {
      fields.push({ number, value: buffer.readDoubleLE(at) });
      at += 8;
    } else if (wireType === 2) {
      const length = Number(varint());
      if (at + length > buffer.length) throw new RangeError("the protobuf message is cut");
      fields.push({ number, value: buffer.subarray(at, at + length) });
      at += length;
    } else throw new RangeError(`protobuf wire type ${wireType} is not used by the API`);
  }
  return fields;
}

function readVarint(buffer: Buffer, from: number): { readonly value: bigint; readonly next: number } {
  let value = 0n;
  for (let index = 0; index < 10; index += 1) {
    const byte = buffer.readUInt8(from + index);
    value |= BigInt(byte & 0x7f) << BigInt(7 * index);
    if (byte < 0x80) return { value: BigInt.asIntN(64, value), next: from + index + 1 };
  }
  throw new RangeError("a protobuf number is too long");
}

/** The numbers of a packed list. */
export function packedVarints(buffer: Buffer): bigint[] {
  const values: bigint[] = [];
  for (let at = 0; at < buffer.length;) {
    const { value, next } = readVarint(buffer, at);
    values.push(value);
    at = next;
  }
  return values;
}

export const bytesOf = ({ value }: WireField): Buffer => (Buffer.isBuffer(value) ? value : Buffer.alloc(0));

/** A text field of a small message; "" when it is not there. */
export const textOf = (fields: readonly WireField[], number: number): string => {
  const field = fields.find((f) => f.number === number);
  return field === undefined ? "" : bytesOf(field).toString("utf8");
};

/** A number field of a small message; 0 when it is not there. */
export const numberOf = (fields: readonly WireField[], number: number): number => {
  const value = fields.find((f) => f.number === number)?.value;
  return typeof value === "bigint" || typeof value === "number" ? Number(value) : 0;
};
