/** What counting a plain success needs, as places in the bytes of its line; `…To` is the first byte after a text. */
export class PlainFields {
  clientFrom = 0;
  clientTo = 0;
  methodFrom = 0;
  methodTo = 0;
  pathFrom = 0;
  pathTo = 0;
  nameFrom = 0;
  nameTo = 0;
  /** Empty (`hostFrom` is `hostTo`) when the format names none. */
  hostFrom = 0;
  hostTo = 0;
  /** Empty (`addressFrom` is `addressTo`) when no upstream was asked. */
  addressFrom = 0;
  addressTo = 0;
  status = 0;
  /** NaN: not logged. */
  requestBytes = 0;
  /** NaN: not logged. */
  durationMs = 0;
}

const space = 32;
const quote = 34;
const backslash = 92;

export const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57;

/** -1: not three digits. */
export function threeDigits(b: Uint8Array, at: number): number {
  const x = b[at]!;
  const y = b[at + 1]!;
  const z = b[at + 2]!;
  return isDigit(x) && isDigit(y) && isDigit(z) ? (x - 48) * 100 + (y - 48) * 10 + (z - 48) : -1;
}

/** Where an IP address ends that begins at `p`. */
export function endOfClient(b: Uint8Array, from: number): number {
  let p = from;
  let c = b[p]!;
  while ((c >= 46 && c <= 58 && c !== 47) || (c >= 97 && c <= 102)) c = b[++p]!;
  return p;
}

/** Where a method of one to twenty capital letters ends; 0 when there is none. */
export function endOfMethod(b: Uint8Array, from: number): number {
  let p = from;
  while (b[p]! >= 65 && b[p]! <= 90) p++;
  return p === from || p - from > 20 ? 0 : p;
}

/** Where a path ends that begins with a slash and has nothing in it that is escaped somewhere; 0 when there is none. */
export function endOfPlainPath(b: Uint8Array, from: number): number {
  if (b[from] !== 47) return 0;
  let p = from + 1;
  let c = b[p]!;
  while (c > space && c !== quote && c !== backslash && c < 127) c = b[++p]!;
  return p;
}
