/** What a tar header says of the member after it. */
export interface TarHeader {
  readonly name: string;
  readonly type: string;
  readonly sizeBytes: number;
}

export const blockBytes = 512;

/** Reads one header of POSIX or GNU tar; undefined when its checksum does not fit. */
export function readTarHeader(block: Buffer): TarHeader | undefined {
  if (numberAt(block, 148, 8) !== checksumOf(block)) return undefined;
  const sizeBytes = numberAt(block, 124, 12);
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0) return undefined;
  const isPosix = block.toString("latin1", 257, 263) === "ustar\0";
  const prefix = isPosix ? textAt(block, 345, 155) : "";
  const name = textAt(block, 0, 100);
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    type: String.fromCharCode(block[156]!),
    sizeBytes,
  };
}

/** Records "LENGTH KEY=VALUE\n" of a pax extended header; of damaged ones, those before the damage. */
export function paxRecords(bytes: Buffer): Map<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(0x20, at);
    const length = space < 0 ? 0 : Number(bytes.toString("latin1", at, space));
    const end = at + length;
    if (!Number.isInteger(length) || end <= space || end > bytes.length) break;
    const record = bytes.toString("utf8", space + 1, end - 1);
    const equals = record.indexOf("=");
    if (equals > 0) records.set(record.slice(0, equals), record.slice(equals + 1));
    at = end;
  }
  return records;
}

export function textAt(bytes: Buffer, at: number, length: number): string {
  const end = bytes.subarray(at, at + length).indexOf(0);
  return bytes.toString("utf8", at, end < 0 ? at + length : at + end);
}

/** Octal digits, or GNU's base 256 (first bit set) for what octal cannot hold. NaN when neither. */
function numberAt(block: Buffer, at: number, length: number): number {
  if ((block[at]! & 0x80) !== 0) {
    let value = block[at]! & 0x7f;
    for (let i = at + 1; i < at + length; i++) value = value * 256 + block[i]!;
    return value;
  }
  const digits = /^[ \0]*([0-7]*)[ \0]*/.exec(block.toString("latin1", at, at + length))![1]!;
  return digits === "" ? 0 : Number.parseInt(digits, 8);
}

/** The sum of the header's bytes with the checksum's own field taken as blanks. */
function checksumOf(block: Buffer): number {
  let sum = 8 * 0x20;
  for (let i = 0; i < blockBytes; i++) if (i < 148 || i >= 156) sum += block[i]!;
  return sum;
}
