import {
  closingQuote,
  doubleQuoted,
  NotPlainYaml,
  plainValue,
  singleQuoted,
  trimmedEnd,
} from "./yaml-scalars.ts";

/**
 * Reads one YAML document of the kind that kubectl and oc write: block mappings and sequences with
 * plain, quoted and literal scalars, some forty times as fast as the full parser. A must-gather is
 * hundreds of megabytes of it. Anything else (anchors, tags, flow collections, comments) gives
 * undefined, and the full parser decides what it means.
 */
export function readBlockYaml(text: string, maxDepth: number): { value: unknown } | undefined {
  if (text.includes("\r") || text.includes("\0")) return undefined;
  try {
    return { value: new BlockReader(text, maxDepth).document() };
  } catch (error) {
    if (error instanceof NotPlainYaml || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Characters that give a scalar another meaning than plain text when they come first. */
const indicators = new Set("&*!%@`#{}[],>?|");

class BlockReader {
  readonly #text: string;
  readonly #maxDepth: number;
  /** Start of the current line's content, after its indentation. */
  #at = 0;
  /** Columns before the content of the current line; -1 at the end of the document. */
  #indent = -1;

  constructor(text: string, maxDepth: number) {
    this.#text = text;
    this.#maxDepth = maxDepth;
  }

  document(): unknown {
    this.#toContent(/^---[ ]*(\n|$)/.test(this.#text) ? this.#lineEnd(0) + 1 : 0);
    if (this.#isAtEnd() || this.#indent > 0) throw new NotPlainYaml();
    const value = this.#block(0, 0);
    if (!this.#isAtEnd()) throw new NotPlainYaml();
    return value;
  }

  #isAtEnd(): boolean {
    return this.#indent < 0;
  }

  #lineEnd(from: number): number {
    const end = this.#text.indexOf("\n", from);
    return end < 0 ? this.#text.length : end;
  }

  /** Moves to the first line from `from` on that has content. */
  #toContent(from: number): void {
    let at = from;
    let lineStart = from;
    for (; at < this.#text.length; at++) {
      const code = this.#text.charCodeAt(at);
      if (code === 0x0a) lineStart = at + 1;
      else if (code !== 0x20) break;
    }
    if (this.#text.charCodeAt(at) === 0x09) throw new NotPlainYaml();
    this.#at = at;
    this.#indent = at >= this.#text.length ? -1 : at - lineStart;
  }

  #startsItem(): boolean {
    if (this.#text.charCodeAt(this.#at) !== 0x2d) return false;
    const next = this.#text.charCodeAt(this.#at + 1);
    return next === 0x20 || next === 0x0a || Number.isNaN(next);
  }

  #block(indent: number, depth: number): unknown {
    if (depth > this.#maxDepth) throw new NotPlainYaml();
    return this.#startsItem() ? this.#sequence(indent, depth) : this.#mapping(indent, depth);
  }

  #sequence(indent: number, depth: number): unknown[] {
    const items: unknown[] = [];
    while (this.#indent === indent && this.#startsItem()) {
      let content = this.#at + 1;
      while (this.#text.charCodeAt(content) === 0x20) content++;
      if (content >= this.#text.length || this.#text.charCodeAt(content) === 0x0a) {
        this.#toContent(content);
        items.push(this.#indent > indent ? this.#block(this.#indent, depth + 1) : null);
        continue;
      }
      // What follows "- " is a block of its own, as if the dash were indentation.
      const column = indent + content - this.#at;
      this.#at = content;
      this.#indent = column;
      items.push(
        this.#startsItem() || this.#keyEnd() >= 0
          ? this.#block(column, depth + 1)
          : this.#scalar(content, indent),
      );
    }
    if (this.#indent > indent) throw new NotPlainYaml();
    return items;
  }

  #mapping(indent: number, depth: number): Record<string, unknown> {
    const map: Record<string, unknown> = {};
    while (this.#indent === indent && !this.#startsItem()) {
      const colon = this.#keyEnd();
      if (colon < 0) throw new NotPlainYaml();
      const key = this.#key(colon);
      let content = colon + 1;
      while (this.#text.charCodeAt(content) === 0x20) content++;
      if (content < this.#text.length && this.#text.charCodeAt(content) !== 0x0a) {
        map[key] = this.#scalar(content, indent);
        continue;
      }
      this.#toContent(content);
      const isBelow = this.#indent > indent || (this.#indent === indent && this.#startsItem());
      map[key] = isBelow ? this.#block(this.#indent, depth + 1) : null;
    }
    if (this.#indent > indent) throw new NotPlainYaml();
    return map;
  }

  /** Where the colon after the key at the current place is; -1 when there is no key. */
  #keyEnd(): number {
    const end = this.#lineEnd(this.#at);
    const first = this.#text[this.#at]!;
    let at = this.#at;
    if (first === '"' || first === "'") {
      at = closingQuote(this.#text, at) + 1;
      return at > 0 && at < end && this.#text[at] === ":" && isSpaceOrEnd(this.#text, at + 1) ? at : -1;
    }
    for (at = this.#text.indexOf(":", at); at >= 0 && at < end; at = this.#text.indexOf(":", at + 1)) {
      if (isSpaceOrEnd(this.#text, at + 1)) return at;
    }
    return -1;
  }

  #key(colon: number): string {
    const raw = this.#text.slice(this.#at, colon);
    if (raw.startsWith('"')) return checkedKey(doubleQuoted(raw.slice(1, -1)));
    if (raw.startsWith("'")) return checkedKey(singleQuoted(raw.slice(1, -1)));
    if (raw === "" || indicators.has(raw[0]!) || /\t| #| $/.test(raw)) throw new NotPlainYaml();
    return checkedKey(raw);
  }

  /** Reads the scalar at `from`, whose parent block is indented by `indent`, and moves past it. */
  #scalar(from: number, indent: number): unknown {
    const first = this.#text[from]!;
    if (first === '"' || first === "'") return this.#quoted(from, indent);
    if (first === "|") return this.#literal(from, indent);
    const end = this.#lineEnd(from);
    const line = trimmedEnd(this.#text.slice(from, end));
    if (line === "{}" || line === "[]") {
      this.#toContent(end);
      return line === "{}" ? {} : [];
    }
    checkPlain(line, true);
    this.#toContent(end);
    if (this.#indent <= indent) return plainValue(line);
    return this.#longPlain(line, end, indent);
  }

  /** A plain scalar that goes on in lines indented more than its parent. */
  #longPlain(first: string, firstEnd: number, indent: number): string {
    let text = first;
    let end = firstEnd;
    while (this.#indent > indent) {
      if (this.#at - this.#indent !== end + 1) throw new NotPlainYaml();
      end = this.#lineEnd(this.#at);
      const line = trimmedEnd(this.#text.slice(this.#at, end));
      checkPlain(line, false);
      text += ` ${line}`;
      this.#toContent(end);
    }
    return text;
  }

  #quoted(from: number, indent: number): string {
    const close = closingQuote(this.#text, from);
    if (close < 0) throw new NotPlainYaml();
    const raw = this.#text.slice(from + 1, close);
    const isIndented = raw
      .split("\n")
      .every((line, at) => at === 0 || trimmedEnd(line) === "" || indentOf(line) > indent);
    if (!isIndented) throw new NotPlainYaml();
    const end = this.#lineEnd(close);
    if (trimmedEnd(this.#text.slice(close + 1, end)) !== "") throw new NotPlainYaml();
    this.#toContent(end);
    if (this.#indent > indent) throw new NotPlainYaml();
    return this.#text[from] === '"' ? doubleQuoted(raw) : singleQuoted(raw);
  }

  #literal(from: number, indent: number): string {
    const headerEnd = this.#lineEnd(from);
    const header = /^\|([1-9]?)([-+]?)([1-9]?) *$/.exec(this.#text.slice(from, headerEnd));
    if (header === null) throw new NotPlainYaml();
    const given = header[1] !== "" ? header[1] : header[3];
    let column = given === "" ? -1 : indent + Number(given);
    const lines: string[] = [];
    let at = headerEnd + 1;
    while (at < this.#text.length) {
      const end = this.#lineEnd(at);
      let content = at;
      while (this.#text.charCodeAt(content) === 0x20) content++;
      if (content < end) {
        if (column < 0) column = content - at;
        if (content - at < column || column <= indent) break;
      } else if (column < 0 && end > at) throw new NotPlainYaml();
      lines.push(this.#text.slice(Math.min(at + Math.max(column, 0), end), end));
      at = end + 1;
    }
    this.#toContent(Math.min(at, this.#text.length));
    return chomped(lines, header[2]!);
  }
}

function chomped(lines: string[], mode: string): string {
  let last = lines.length;
  while (last > 0 && lines[last - 1] === "") last--;
  const text = lines.slice(0, last).join("\n");
  if (mode === "+")
    return last === 0 ? "\n".repeat(lines.length) : `${text}\n${"\n".repeat(lines.length - last)}`;
  return mode === "-" || last === 0 ? text : `${text}\n`;
}

function indentOf(line: string): number {
  let at = 0;
  while (line.charCodeAt(at) === 0x20) at++;
  return at;
}

function isSpaceOrEnd(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 0x20 || code === 0x0a || Number.isNaN(code);
}

/** A key that would change the prototype instead of the mapping is left to the full parser. */
function checkedKey(key: string): string {
  if (key === "__proto__" || key.includes("\n")) throw new NotPlainYaml();
  return key;
}

function checkPlain(line: string, isFirst: boolean): void {
  const first = line[0]!;
  if (isFirst && (indicators.has(first) || (first === "-" && line[1] === " ") || first === ":"))
    throw new NotPlainYaml();
  if (!isFirst && (first === "#" || /^(---|\.\.\.)( |$)/.test(line))) throw new NotPlainYaml();
  if (line.includes(": ") || line.endsWith(":") || line.includes(" #") || line.includes("\t"))
    throw new NotPlainYaml();
}
