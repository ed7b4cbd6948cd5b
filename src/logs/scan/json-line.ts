import { newIsoReader, timeLocalMs } from "../clock.ts";
import { type JsonLayout, layoutOf } from "./json-layout.ts";
import {
  endOfClient,
  endOfMethod,
  endOfPlainPath,
  isDigit,
  type PlainFields,
  threeDigits,
} from "./plain-fields.ts";

const space = 32;
const quote = 34;
const dash = 45;
const backslash = 92;
const timeLocalBytes = 26;
const maxLineBytes = 65_536;
/** Lines that no layout fits teach one; a log that mixes many templates is not worth it. */
const maxLessons = 64;

/**
 * Reads the bytes of a plain success out of JSON lines that have the keys, in the order and with the bytes between the values,
 * of a line before. Anything else is left to the reader of strings (formats/nginx-json.ts), which this
 * one must agree with on every line that it takes.
 */
export class JsonLine {
  endMs = Number.NaN;
  #layout: JsonLayout | undefined;
  #lessons = 0;
  #from = new Int32Array(0);
  #to = new Int32Array(0);
  readonly #isoReader = newIsoReader();
  #local = "";
  #localMs = Number.NaN;

  /** Takes the layout of a line that the reader of strings called plain. */
  learn(line: string): void {
    if (this.#lessons >= maxLessons) return;
    this.#lessons++;
    const layout = layoutOf(line);
    if (layout === undefined) return;
    this.#layout = layout;
    this.#from = new Int32Array(layout.isQuoted.length);
    this.#to = new Int32Array(layout.isQuoted.length);
  }

  /** Reads the line at `at`; a newline must come after it. Returns the place after the newline; 0: not a plain one. */
  read(b: Buffer, at: number, out: PlainFields): number {
    const layout = this.#layout;
    if (layout === undefined) return 0;
    const end = this.#cut(b, at, layout);
    if (end === 0 || end - at > maxLineBytes || b[end] !== 10) return 0;
    if (!this.#readRequest(b, layout, out) || !this.#readUpstream(b, layout, out)) return 0;
    this.endMs = this.#readTime(b, layout);
    return Number.isNaN(this.endMs) ? 0 : end + 1;
  }

  /** Finds the values; returns the place after the line, 0 when it is of another layout. */
  #cut(b: Uint8Array, at: number, { between, isQuoted }: JsonLayout): number {
    const last = isQuoted.length;
    let p = at;
    for (let i = 0; ; i++) {
      const bytes = between[i]!;
      for (let k = 0; k < bytes.length; k++) if (b[p + k] !== bytes[k]) return 0;
      p += bytes.length;
      if (i === last) return p;
      this.#from[i] = p;
      if (isQuoted[i] === true) {
        let c = b[p]!;
        while (c !== quote && c >= space && c !== backslash) c = b[++p]!;
      } else {
        p = endOfNumber(b, p);
        if (p === 0) return 0;
      }
      this.#to[i] = p;
    }
  }

  #readRequest(b: Uint8Array, { valueOf }: JsonLayout, out: PlainFields): boolean {
    const [from, to] = [this.#from, this.#to];
    const client = valueOf.remote_addr;
    out.clientFrom = from[client]!;
    out.clientTo = to[client]!;
    if (out.clientFrom === out.clientTo || endOfClient(b, out.clientFrom) !== out.clientTo) return false;
    const whole = valueOf.request;
    let path = from[whole === -1 ? valueOf.request_uri : whole]!;
    let pathTo = to[whole === -1 ? valueOf.request_uri : whole]!;
    if (whole !== -1) {
      out.methodFrom = path;
      out.methodTo = endOfMethod(b, path);
      if (out.methodTo === 0 || b[out.methodTo] !== space) return false;
      path = out.methodTo + 1;
      const end = pathTo;
      pathTo = endOfPlainPath(b, path);
      if (pathTo === 0 || b[pathTo] !== space) return false;
      for (let p = pathTo + 1; p < end; p++) if (b[p] === space) return false;
    }
    out.pathFrom = path;
    out.pathTo = pathTo;
    const method = valueOf.request_method;
    if (method !== -1) {
      out.methodFrom = from[method]!;
      out.methodTo = to[method]!;
      if (endOfMethod(b, out.methodFrom) !== out.methodTo) return false;
    }
    if (endOfPlainPath(b, path) !== pathTo) return false;
    const status = from[valueOf.status]!;
    out.status = threeDigits(b, status);
    return codeIn(b, status, to[valueOf.status]!, 200, 499) && this.#readNumbers(b, valueOf, out);
  }

  #readNumbers(b: Uint8Array, valueOf: JsonLayout["valueOf"], out: PlainFields): boolean {
    const [length, time] = [valueOf.request_length, valueOf.request_time];
    out.requestBytes = length === -1 ? Number.NaN : wholeNumber(b, this.#from[length]!, this.#to[length]!);
    out.durationMs = time === -1 ? Number.NaN : milliseconds(b, this.#from[time]!, this.#to[time]!);
    return out.requestBytes !== -1 && out.durationMs !== -1;
  }

  #readUpstream(b: Uint8Array, { valueOf, single }: JsonLayout, out: PlainFields): boolean {
    const [from, to] = [this.#from, this.#to];
    out.hostFrom = out.hostTo = out.nameFrom = out.nameTo = 0;
    const { host, proxy_upstream_name: name, proxy_alternative_upstream_name: other } = valueOf;
    if (other !== -1 && !isUnset(b, from[other]!, to[other]!)) return false;
    if (host !== -1 && !isUnset(b, from[host]!, to[host]!)) {
      out.hostFrom = from[host]!;
      out.hostTo = to[host]!;
    }
    if (name !== -1 && !isUnset(b, from[name]!, to[name]!)) {
      out.nameFrom = from[name]!;
      out.nameTo = to[name]!;
    }
    const [address, status] = [valueOf.upstream_addr, valueOf.upstream_status];
    out.addressFrom = from[address]!;
    out.addressTo = to[address]!;
    const areWords =
      isWord(b, out.hostFrom, out.hostTo) &&
      isWord(b, out.nameFrom, out.nameTo) &&
      isWord(b, out.addressFrom, out.addressTo);
    if (!areWords || out.addressFrom === out.addressTo) return false;
    if (isUnset(b, out.addressFrom, out.addressTo)) out.addressTo = out.addressFrom;
    for (const value of single) if (!isWord(b, from[value]!, to[value]!)) return false;
    if (status === -1 || isUnset(b, from[status]!, to[status]!)) return true;
    return codeIn(b, from[status]!, to[status]!, 100, 500);
  }

  #readTime(b: Buffer, { valueOf }: JsonLayout): number {
    const { msec, time_iso8601: iso, time_local: local } = valueOf;
    if (msec !== -1 && !this.#isIso(b, msec) && !this.#isLocal(b, msec)) {
      const ms = milliseconds(b, this.#from[msec]!, this.#to[msec]!);
      return ms === -1 ? Number.NaN : ms;
    }
    if (iso !== -1 && this.#isIso(b, iso)) return this.#isoReader.msAt(b, this.#from[iso]!, this.#to[iso]!);
    if ((iso !== -1 && !this.#isLocal(b, iso)) || local === -1 || !this.#isLocal(b, local)) return Number.NaN;
    return this.#readLocal(b.toString("latin1", this.#from[local]!, this.#to[local]!));
  }

  #isIso(b: Uint8Array, value: number): boolean {
    const from = this.#from[value]!;
    return b[from + 4] === dash && b[from + 10] === 84 && this.#to[value]! - from >= 19;
  }

  #isLocal(b: Uint8Array, value: number): boolean {
    const from = this.#from[value]!;
    return b[from + 2] === 47 && this.#to[value]! - from === timeLocalBytes;
  }

  /** Lines of one second share their time. */
  #readLocal(text: string): number {
    if (text !== this.#local) this.#localMs = timeLocalMs(text);
    this.#local = text;
    return this.#localMs;
  }
}

/** Whether three digits are a status from `least` to below `limit`. */
function codeIn(b: Uint8Array, from: number, to: number, least: number, limit: number): boolean {
  const code = to - from === 3 ? threeDigits(b, from) : -1;
  return code >= least && code < limit;
}

/** Where a JSON number of at most 15 digits ends; 0 when there is none. */
function endOfNumber(b: Uint8Array, from: number): number {
  let p = from;
  while (isDigit(b[p]!)) p++;
  if (p === from || (b[from] === 48 && p > from + 1)) return 0;
  if (b[p] === 46) {
    const fraction = ++p;
    while (isDigit(b[p]!)) p++;
    if (p === fraction) return 0;
  }
  return p - from > 15 ? 0 : p;
}

const isUnset = (b: Uint8Array, from: number, to: number): boolean =>
  from === to || (to - from === 1 && b[from] === dash);

/** Neither a list nor anything that is not ASCII. */
function isWord(b: Uint8Array, from: number, to: number): boolean {
  for (let p = from; p < to; p++) {
    const c = b[p]!;
    if (c <= space || c === 44 || c >= 127) return false;
  }
  return true;
}

/** NaN for a dash or nothing, -1 for anything else that is no whole number. */
function wholeNumber(b: Uint8Array, from: number, to: number): number {
  if (isUnset(b, from, to)) return Number.NaN;
  let value = 0;
  for (let p = from; p < to; p++) {
    if (!isDigit(b[p]!)) return -1;
    value = value * 10 + (b[p]! - 48);
  }
  return to - from > 15 ? -1 : value;
}

/** "0.005" seconds; NaN for a dash or nothing, -1 for anything that has not three digits after the point. */
function milliseconds(b: Uint8Array, from: number, to: number): number {
  if (isUnset(b, from, to)) return Number.NaN;
  const fraction = to - from > 4 && to - from <= 15 && b[to - 4] === 46 ? threeDigits(b, to - 3) : -1;
  const whole = fraction === -1 ? -1 : wholeNumber(b, from, to - 4);
  return whole === -1 ? -1 : whole * 1000 + fraction;
}
