import {
  type Document,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  type ParsedNode,
  stringify,
} from "yaml";

/** A place in a document: names of fields and indices of lists. */
export type Place = readonly (string | number)[];

/** What is to stand there; absent: nothing. */
export interface Edit {
  readonly place: Place;
  readonly value?: unknown;
}

/** One stretch of a text that becomes another. */
export interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * The smallest change of the text that makes the edit: everything else, comments too, stays byte for byte. Undefined
 * where that cannot be done, as in lists and maps written on one line.
 */
export function spliceOf(
  text: string,
  document: Document.Parsed,
  { place, value }: Edit,
): Splice | undefined {
  const { node, rest } = deepest(document.contents, place);
  if (rest.length === 0 && value === undefined) return removal(text, document, place);
  if (rest.length === 0) return replacement(node, value) ?? pairAnew(text, document, place, value);
  if (value === undefined) return undefined;
  return addition(text, node, rest, value);
}

export const spliced = (text: string, { from, to, text: own }: Splice): string =>
  text.slice(0, from) + own + text.slice(to);

/** The innermost node on the way that is there, and what of the way is left. */
function deepest(
  root: ParsedNode | null,
  place: Place,
): { readonly node: ParsedNode | null; readonly rest: Place } {
  let node = root;
  for (let i = 0; i < place.length; i++) {
    const next = isCollection(node) ? (node.get(place[i], true) as ParsedNode | undefined) : undefined;
    if (next === undefined || next === null) return { node, rest: place.slice(i) };
    node = next;
  }
  return { node, rest: [] };
}

function replacement(node: ParsedNode | null, value: unknown): Splice | undefined {
  if (!isScalar(node) || typeof value === "object") return undefined;
  const [from, to] = node.range;
  if (node.type === "BLOCK_LITERAL" || node.type === "BLOCK_FOLDED" || node.anchor !== undefined)
    return undefined;
  const isQuoted =
    typeof value === "string" && (node.type === "QUOTE_DOUBLE" || node.type === "QUOTE_SINGLE");
  const own = isQuoted
    ? stringify(value, {
        defaultStringType: node.type === "QUOTE_DOUBLE" ? "QUOTE_DOUBLE" : "QUOTE_SINGLE",
        lineWidth: 0,
      })
    : stringify(value, { lineWidth: 0 });
  const line = own.replace(/\n$/, "");
  return line.includes("\n") || from === to ? undefined : { from, to, text: line };
}

/** The field with its value written anew, where either takes several lines. */
function pairAnew(text: string, document: Document.Parsed, place: Place, value: unknown): Splice | undefined {
  const parent = deepest(document.contents, place.slice(0, -1)).node;
  const name = place.at(-1);
  if (!isMap(parent) || parent.flow === true || typeof name !== "string" || typeof value === "object")
    return undefined;
  const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === name) as Pair | undefined;
  const node = pair?.value as ParsedNode | null | undefined;
  if (pair === undefined || !isScalar(node) || node.anchor !== undefined) return undefined;
  const from = keyStart(pair);
  const own = stringify({ [name]: value }, { lineWidth: 0 })
    .replace(/\n$/, "")
    .split("\n");
  return { from, to: lastOf(text, node.range[1]), text: own.join(`\n${" ".repeat(columnOf(text, from))}`) };
}

/** A new field goes below the last of its map, a new item below the last of its list. */
function addition(text: string, node: ParsedNode | null, rest: Place, value: unknown): Splice | undefined {
  const [first, ...inner] = rest;
  const nested = inner.reduceRight<unknown>(
    (within, name) => (typeof name === "number" ? [within] : { [name]: within }),
    value,
  );
  if (isMap(node) && node.flow !== true && node.items.length > 0 && typeof first === "string") {
    const indent = columnOf(text, keyStart(node.items[0] as Pair));
    return below(text, node.range[1], indent, stringify({ [first]: nested }, { lineWidth: 0 }));
  }
  if (isMap(node) && node.flow === true && typeof first === "string")
    return inFlow(text, node, first, nested);
  if (isSeq(node) && node.flow !== true && node.items.length > 0 && first === node.items.length) {
    const start = dashBefore(text, (node.items[0] as ParsedNode).range[0]);
    if (start === undefined) return undefined;
    return below(text, node.range[1], columnOf(text, start), stringify([nested], { lineWidth: 0 }));
  }
  return undefined;
}

/** `{}` becomes a block of its own below its key; a map with something in it stays on its line. */
function inFlow(text: string, node: ParsedNode, name: string, value: unknown): Splice | undefined {
  const [from, to] = node.range;
  const start = text.lastIndexOf("\n", from - 1) + 1;
  const key = /^( *(?:- )*)[^{}[\],#]*: *$/.exec(text.slice(start, from));
  if (/^\{\s*\}$/.test(text.slice(from, to)) && key !== null) {
    const indent = " ".repeat((key[1]?.length ?? 0) + 2);
    const lines = stringify({ [name]: value }, { lineWidth: 0 })
      .replace(/\n$/, "")
      .split("\n");
    return { from: lastOf(text, from), to, text: lines.map((line) => `\n${indent}${line}`).join("") };
  }
  const end = lastOf(text, to - 1);
  const comma = end === from + 1 ? "" : ", ";
  return { from: end, to: end, text: `${comma}${JSON.stringify(name)}: ${JSON.stringify(value)}` };
}

/** Where what stands before `end` ends, without the white space behind it. */
function lastOf(text: string, end: number): number {
  let at = end;
  while (at > 0 && /[ \t\r\n]/.test(text[at - 1] ?? "")) at--;
  return at;
}

function below(text: string, end: number, indent: number, yaml: string): Splice {
  // A collection's range may reach over the comments and blank lines behind it.
  const lineEnd = text.indexOf("\n", lastOf(text, end));
  const from = lineEnd < 0 ? text.length : lineEnd;
  const lines = yaml
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => " ".repeat(indent) + line);
  return { from, to: from, text: `\n${lines.join("\n")}` };
}

function removal(text: string, document: Document.Parsed, place: Place): Splice | undefined {
  const name = place.at(-1);
  const parent = deepest(document.contents, place.slice(0, -1)).node;
  if (!isMap(parent) || parent.flow === true) return undefined;
  const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === name) as Pair | undefined;
  const value = pair?.value as ParsedNode | null | undefined;
  if (pair === undefined || value === undefined || value === null) return undefined;
  if (parent.items.length === 1) return emptied(text, pair, value);
  const start = text.lastIndexOf("\n", keyStart(pair)) + 1;
  // "- name: x" on one line: without its first field the item would lose its dash.
  if (text.slice(start, keyStart(pair)).trim() !== "") return undefined;
  const lineEnd = text.indexOf("\n", lastOf(text, value.range[1]));
  return { from: start, to: lineEnd < 0 ? text.length : lineEnd + 1, text: "" };
}

/** The only field of a map goes: what is left is a map with nothing in it. */
function emptied(text: string, pair: Pair, value: ParsedNode): Splice | undefined {
  const from = lastOf(text, keyStart(pair));
  return text[from - 1] === ":" ? { from, to: lastOf(text, value.range[1]), text: " {}" } : undefined;
}

const keyStart = (pair: Pair): number => (pair.key as ParsedNode).range[0];

const columnOf = (text: string, at: number): number => at - (text.lastIndexOf("\n", at - 1) + 1);

function dashBefore(text: string, at: number): number | undefined {
  const start = text.lastIndexOf("\n", at - 1) + 1;
  const dash = text.lastIndexOf("-", at - 1);
  return dash >= start && text.slice(start, dash).trim() === "" ? dash : undefined;
}
