import { newIsoReader } from "../clock.ts";
import { endOfMethod, endOfPlainPath, isDigit, type PlainFields, threeDigits } from "./plain-fields.ts";

const newline = 10;
const space = 32;
const quote = 34;
const dash = 45;
const slash = 47;
const colon = 58;
const backslash = 92;
const maxLineBytes = 65_536;

const types = ["https ", "h2 ", "http ", "wss ", "ws ", "grpcs "].map((type) => Buffer.from(type));
const groupMark = Buffer.from(":targetgroup/");
const schemes = ["https://", "http://"].map((scheme) => Buffer.from(scheme));

/**
 * Reads the bytes of a plain success in the access log of AWS's Application Load Balancer. Anything else is left to the reader of
 * strings (formats/aws-alb.ts), which this one must agree with on every line that it takes.
 */
export class AlbLine {
  endMs = Number.NaN;
  readonly #end = newIsoReader();
  readonly #created = newIsoReader();

  /** Reads the line at `at`; a newline must come after it. Returns the place after the newline; 0: not a plain one. */
  read(b: Buffer, at: number, out: PlainFields): number {
    const type = types.find((bytes) => startsWith(b, at, bytes));
    if (type === undefined) return 0;
    let p = this.#readAnswer(b, at + type.length, out);
    if (p !== 0) p = readRequest(b, p, out);
    if (p !== 0) p = endOfQuoted(b, p);
    if (p !== 0) p = this.#readRest(b, p, out);
    const end = p === 0 ? -1 : b.indexOf(newline, p);
    return end === -1 || end - at > maxLineBytes ? 0 : end + 1;
  }

  /** From the time to the bytes sent; returns the place of the request's quote. */
  #readAnswer(b: Buffer, from: number, out: PlainFields): number {
    const timeTo = endOfWord(b, from);
    const client = endOfWord(b, timeTo + 1) + 1;
    const clientTo = endOfWord(b, client);
    const target = clientTo + 1;
    const targetTo = endOfWord(b, target);
    if (b[timeTo] !== space || b[client - 1] !== space) return 0;
    if (b[clientTo] !== space || b[targetTo] !== space) return 0;
    if (!readClient(b, client, clientTo, out)) return 0;
    out.addressFrom = target;
    out.addressTo = targetTo - target === 1 && b[target] === dash ? target : targetTo;
    let p = targetTo + 1;
    for (let i = 0; i < 3; i++) {
      p = endOfWord(b, p);
      if (b[p++] !== space) return 0;
    }
    out.status = threeDigits(b, p);
    if (out.status < 200 || out.status >= 460 || b[p + 3] !== space) return 0;
    p += 4;
    if (b[p] === dash) p++;
    else if (b[p]! >= 49 && b[p]! <= 52 && threeDigits(b, p) !== -1) p += 3;
    else return 0;
    if (b[p] !== space) return 0;
    const received = ++p;
    let bytes = 0;
    for (; isDigit(b[p]!); p++) bytes = bytes * 10 + (b[p]! - 48);
    if (p === received || p - received > 15 || b[p] !== space) return 0;
    out.requestBytes = bytes;
    p = endOfWord(b, p + 1);
    this.endMs = this.#end.msAt(b, from, timeTo);
    return b[p] === space && !Number.isNaN(this.endMs) ? p + 1 : 0;
  }

  /** From the cipher to the reason of a classification; returns the place after it. */
  #readRest(b: Buffer, from: number, out: PlainFields): number {
    if (b[from] !== space) return 0;
    const protocol = endOfWord(b, from + 1) + 1;
    const group = endOfWord(b, protocol) + 1;
    const groupTo = endOfWord(b, group);
    if (b[protocol - 1] !== space || b[group - 1] !== space || b[groupTo] !== space) return 0;
    readGroup(b, group, groupTo, out);
    let p = groupTo + 1;
    for (let i = 0; i < 3; i++) {
      p = endOfQuoted(b, p);
      if (p === 0 || b[p++] !== space) return 0;
    }
    const created = endOfWord(b, p) + 1;
    const createdTo = endOfWord(b, created);
    if (b[created - 1] !== space || b[createdTo] !== space) return 0;
    const createdMs = this.#created.msAt(b, created, createdTo);
    if (!(createdMs <= this.endMs)) return 0;
    out.durationMs = this.endMs - createdMs;
    p = createdTo;
    for (let i = 0; i < 7; i++) {
      p = b[p] === space ? endOfQuoted(b, p + 1) : 0;
      if (p === 0) return 0;
    }
    return p;
  }
}

function startsWith(b: Uint8Array, at: number, bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if (b[at + i] !== bytes[i]) return false;
  return true;
}

/** Where a field of ASCII without quotes ends; −1, where no space is, for one that is empty. */
function endOfWord(b: Uint8Array, from: number): number {
  let p = from;
  let c = b[p]!;
  if (c === space) return -1;
  while (c > space && c < 127 && c !== quote) c = b[++p]!;
  return p;
}

/** The place after a field in quotes with none inside; 0 when it is not so simple. A space or the line's end must follow. */
function endOfQuoted(b: Uint8Array, from: number): number {
  if (b[from] !== quote) return 0;
  let p = from + 1;
  let c = b[p]!;
  while (c !== quote && c !== newline) c = b[++p]!;
  if (c === newline || b[p - 1] === backslash) return 0;
  return b[p + 1] === space || b[p + 1] === newline ? p + 1 : 0;
}

/** "203.0.113.9:51234" or "[2001:db8::1]:51234", without the port and the brackets. */
function readClient(b: Uint8Array, from: number, to: number, out: PlainFields): boolean {
  let p = to;
  while (p > from && isDigit(b[p - 1]!)) p--;
  if (p === to || to - p > 5 || b[p - 1] !== colon) return false;
  const isBracketed = b[from] === 91;
  out.clientFrom = isBracketed ? from + 1 : from;
  out.clientTo = isBracketed ? p - 2 : p - 1;
  if (isBracketed && b[out.clientTo] !== 93) return false;
  if (out.clientTo <= out.clientFrom || out.clientTo - out.clientFrom > 60) return false;
  for (let i = out.clientFrom; i < out.clientTo; i++) {
    const c = b[i]!;
    const isV6 = isBracketed && (c === colon || (c >= 97 && c <= 102));
    if (!isDigit(c) && c !== 46 && !isV6) return false;
  }
  return true;
}

/** `"GET https://shop.example:443/x HTTP/1.1"`; returns the place after the space behind it. */
function readRequest(b: Uint8Array, from: number, out: PlainFields): number {
  out.methodFrom = from + 1;
  out.methodTo = b[from] === quote ? endOfMethod(b, from + 1) : 0;
  if (out.methodTo === 0 || b[out.methodTo] !== space) return 0;
  const scheme = schemes.find((bytes) => startsWith(b, out.methodTo + 1, bytes));
  if (scheme === undefined) return 0;
  const host = out.methodTo + 1 + scheme.length;
  let p = host;
  while (isHostByte(b[p]!)) p++;
  if (p === host || p - host > 260 || b[p] !== slash || b[host] === dash) return 0;
  out.hostFrom = host;
  out.hostTo = withoutPort(b, host, p);
  out.pathFrom = p;
  out.pathTo = endOfPlainPath(b, p);
  if (b[out.pathTo] !== space) return 0;
  p = out.pathTo + 1;
  while (b[p]! > space && b[p] !== quote) p++;
  return b[p] === quote && b[p - 1] !== backslash && b[p + 1] === space ? p + 2 : 0;
}

/** A letter, a digit or one of "_.:[]-". */
const isHostByte = (c: number): boolean =>
  isDigit(c) ||
  (c >= 97 && c <= 122) ||
  (c >= 65 && c <= 91) ||
  c === 46 ||
  c === dash ||
  c === colon ||
  c === 93 ||
  c === 95;

/** Where a host ends before its port. */
function withoutPort(b: Uint8Array, from: number, to: number): number {
  let p = to;
  while (p > from && isDigit(b[p - 1]!)) p--;
  return p < to && to - p <= 5 && p > from && b[p - 1] === colon ? p - 1 : to;
}

function readGroup(b: Uint8Array, from: number, to: number, out: PlainFields): void {
  out.nameFrom = out.nameTo = from;
  for (let p = from; p + groupMark.length <= to; p++) {
    if (b[p] !== colon || !startsWith(b, p, groupMark)) continue;
    out.nameFrom = p + groupMark.length;
    out.nameTo = out.nameFrom;
    while (out.nameTo < to && b[out.nameTo] !== slash) out.nameTo++;
    return;
  }
}
