import { endOfClient, isDigit, PlainFields, threeDigits } from "./plain-fields.ts";

const space = 32;
const quote = 34;
const dash = 45;
const newline = 10;

/**
 * Reads the bytes of a plain success in ingress-nginx's default format without making a string: one attempt at most, no
 * server error, no quotes inside values, nothing that is not ASCII where it counts. Anything else is
 * left to the reader of strings (formats/ingress-nginx.ts), which this one must agree with on every line that it takes.
 */
export class PlainLine extends PlainFields {
  /** Where the 26 bytes of `$time_local` begin. */
  timeFrom = 0;

  /**
   * Reads the line that begins at `at`; a newline must come after it. Returns the place after the newline, or 0 for a
   * line that is not a plain one.
   */
  read(b: Uint8Array, at: number): number {
    let p = this.#readClient(b, at);
    if (p === 0) return 0;
    p = this.#readRequest(b, p);
    if (p === 0) return 0;
    p = this.#readAgent(b, p);
    if (p === 0) return 0;
    p = this.#readUpstream(b, p);
    if (p === 0) return 0;
    return this.#readAttempt(b, p);
  }

  /** `203.0.113.9 - - [20/Nov/2026:14:47:01 +0000] "`; returns the place after the quote. */
  #readClient(b: Uint8Array, at: number): number {
    const p = endOfClient(b, at);
    if (p === at || b[p] !== space) return 0;
    this.clientFrom = at;
    this.clientTo = p;
    if (b[p + 1] !== dash || b[p + 2] !== space || b[p + 3] !== dash || b[p + 4] !== space) return 0;
    if (b[p + 5] !== 91) return 0;
    this.timeFrom = p + 6;
    return b[p + 32] === 93 && b[p + 33] === space && b[p + 34] === quote ? p + 35 : 0;
  }

  /** `GET /cart?x=1 HTTP/1.1" 200 512 "`; returns the place after the last quote. */
  #readRequest(b: Uint8Array, from: number): number {
    let p = from;
    while (b[p]! >= 65 && b[p]! <= 90) p++;
    if (p === from || p - from > 20 || b[p] !== space || b[p + 1] !== 47) return 0;
    this.methodFrom = from;
    this.methodTo = p;
    this.pathFrom = ++p;
    let c = b[p]!;
    while (c > space && c !== quote && c < 127) c = b[++p]!;
    if (c !== space) return 0;
    this.pathTo = p;
    c = b[++p]!;
    while (c > space && c !== quote) c = b[++p]!;
    if (c !== quote || b[p + 1] !== space || b[p + 5] !== space) return 0;
    this.status = threeDigits(b, p + 2);
    if (this.status < 200 || this.status >= 499) return 0;
    p += 6;
    const bodyFrom = p;
    while (isDigit(b[p]!)) p++;
    return p > bodyFrom && b[p] === space && b[p + 1] === quote ? p + 2 : 0;
  }

  /** `-" "curl/8.11" 310 0.005 `; returns the place after the last space. */
  #readAgent(b: Uint8Array, from: number): number {
    let p = from;
    let c = b[p]!;
    while (c !== quote && c !== newline) c = b[++p]!;
    if (c !== quote || b[p + 1] !== space || b[p + 2] !== quote) return 0;
    p += 3;
    c = b[p]!;
    while (c !== quote && c !== newline) c = b[++p]!;
    if (c !== quote || b[p + 1] !== space) return 0;
    p += 2;
    let value = 0;
    const lengthFrom = p;
    for (c = b[p]!; c >= 48 && c <= 57; c = b[++p]!) value = value * 10 + (c - 48);
    if (c !== space || p === lengthFrom || p - lengthFrom > 15) return 0;
    this.requestBytes = value;
    value = 0;
    const secondsFrom = ++p;
    for (c = b[p]!; c >= 48 && c <= 57; c = b[++p]!) value = value * 10 + (c - 48);
    if (c !== 46 || p === secondsFrom || p - secondsFrom > 9 || b[p + 4] !== space) return 0;
    const fraction = threeDigits(b, p + 1);
    if (fraction < 0) return 0;
    this.durationMs = value * 1000 + fraction;
    return p + 5;
  }

  /** `[shop-orders-80] [] `; returns the place after the last space. */
  #readUpstream(b: Uint8Array, from: number): number {
    if (b[from] !== 91) return 0;
    let p = from + 1;
    let c = b[p]!;
    while (c > space && c < 127 && c !== 91 && c !== 93 && c !== quote) c = b[++p]!;
    if (c !== 93 || b[p + 1] !== space || b[p + 2] !== 91 || b[p + 3] !== 93 || b[p + 4] !== space) return 0;
    this.nameFrom = from + 1;
    this.nameTo = p - from === 2 && b[from + 1] === dash ? from + 1 : p;
    return p + 5;
  }

  /** `10.42.3.17:8080 512 0.004 200 5e0f3f0c` to the end of the line; returns the place after the newline. */
  #readAttempt(b: Uint8Array, from: number): number {
    let p = from;
    let c = b[p]!;
    while (c > 44 && c < 127 && c !== 92) c = b[++p]!;
    if (c !== space || p === from) return 0;
    this.addressFrom = from;
    this.addressTo = p - from === 1 ? from : p;
    const length = ++p;
    while (isDigit(b[p]!)) p++;
    if (p === length && b[p] === dash) p++;
    if (p === length || b[p] !== space) return 0;
    const time = ++p;
    while (isDigit(b[p]!) || b[p] === 46) p++;
    if (p === time && b[p] === dash) p++;
    if (p === time || b[p] !== space) return 0;
    c = b[++p]!;
    if (c === dash) p++;
    else if (c >= 49 && c <= 52 && isDigit(b[p + 1]!) && isDigit(b[p + 2]!)) p += 3;
    else return 0;
    if (b[p] !== space) return 0;
    c = b[++p]!;
    if (c === newline) return 0;
    while (c > space && c !== quote) c = b[++p]!;
    return c === newline ? p + 1 : 0;
  }
}
