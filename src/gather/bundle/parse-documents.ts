import { parseAllDocuments } from "yaml";
import { type Limits, sizeText } from "../../base/limits.ts";
import { decodeText, looksBinary } from "./decode-text.ts";
import { readBlockYaml } from "./yaml-block.ts";

export interface Documents {
  /** Each JSON value or YAML document that could be read. */
  readonly values: readonly unknown[];
  /** Why not everything could be read: "broken JSON at position 4120". */
  readonly problem?: string;
  /** The part that could not be read, for guessing what was in it. */
  readonly unread?: string;
}

/** Reads JSON (one value or several after each other) or YAML (one document or several). Never throws. */
export function parseDocuments(bytes: Buffer, path: string, limits: Limits): Documents {
  if (looksBinary(bytes)) return { values: [], problem: "it is not text" };
  let text: string;
  try {
    text = decodeText(bytes);
  } catch (error) {
    return { values: [], problem: messageOf(error) };
  }
  const isJson = /^\s*[{[]/.test(text) && !/^\s*\{\{/.test(text);
  return isJson ? parseJson(text, path, limits) : parseYaml(text, limits);
}

function parseJson(text: string, path: string, limits: Limits): Documents {
  try {
    return { values: [JSON.parse(text)] };
  } catch (error) {
    const several = jsonStream(text);
    if (several.problem === undefined) return several;
    if (/\.ya?ml$/i.test(path) && text.length < flowYamlBytes) return parseYaml(text, limits);
    return { ...several, problem: several.values.length > 0 ? several.problem : brokenJson(error) };
  }
}

/**
 * JSON values after each other, as `kubectl get … -o json >> file` leaves them: one a line, or
 * indented with the outermost brace alone at the start of a line.
 */
export function jsonStream(text: string): Documents {
  const values: unknown[] = [];
  let from = 0;
  let failures = 0;
  for (const end of text.matchAll(/(?<=^|\n)\}[ \t]*\r?(?=\n|$)|(?<=[}\]])\r?\n(?=[{[])/g)) {
    const to = end.index + end[0].length;
    try {
      values.push(JSON.parse(text.slice(from, to)));
      from = to;
    } catch {
      // The end of a nested value at the start of a line: the part grows to the next candidate.
      if (++failures > failuresAllowed) break;
    }
  }
  const rest = text.slice(from);
  if (rest.trim() === "") return { values };
  try {
    values.push(JSON.parse(rest));
    return { values };
  } catch (error) {
    return { values, problem: brokenJson(error), unread: rest };
  }
}

/** Parsing a growing part again and again is quadratic; broken JSON must not take minutes. */
const failuresAllowed = 50;

/** Flow mappings in a .yaml file are small and by hand; a large text that starts with a brace is broken JSON. */
const flowYamlBytes = 1024 * 1024;

const templateHint = /\{\{-?\s*[.\w"]/;

function parseYaml(text: string, limits: Limits): Documents {
  const values: unknown[] = [];
  const unread: string[] = [];
  let problem: string | undefined;
  for (const part of yamlParts(text)) {
    const read = parseYamlPart(part, limits);
    values.push(...read.values);
    if (read.problem === undefined) continue;
    problem ??= templateHint.test(part)
      ? "it is a template; render it first (helm template, kubectl kustomize)"
      : read.problem;
    unread.push(part);
  }
  return problem === undefined ? { values } : { values, problem, unread: unread.join("\n---\n") };
}

/** Documents are parsed one by one, so that a broken one does not take the others with it. */
function* yamlParts(text: string): Generator<string> {
  let from = 0;
  for (const mark of text.matchAll(/(?<=^|\n)---(?=[ \t\r\n]|$)/g)) {
    if (text.slice(from, mark.index).trim() !== "") yield text.slice(from, mark.index);
    from = mark.index;
  }
  if (text.slice(from).trim() !== "") yield text.slice(from);
}

const yamlOptions = { uniqueKeys: false, logLevel: "silent", prettyErrors: false, stringKeys: true } as const;

function parseYamlPart(part: string, limits: Limits): Documents {
  const plain = readBlockYaml(part, limits.depth * 2);
  if (plain !== undefined) return { values: [plain.value] };
  if (part.length > limits.yamlBytes) {
    return {
      values: [],
      problem: `${sizeText(part.length)} of YAML is more than the limit of ${sizeText(limits.yamlBytes)}`,
    };
  }
  try {
    const values: unknown[] = [];
    for (const document of parseAllDocuments(part, yamlOptions)) {
      const error = document.errors[0];
      if (error !== undefined) return { values, problem: `broken YAML: ${firstLine(error.message)}` };
      values.push(document.toJS({ maxAliasCount: limits.yamlAliases }));
    }
    return { values };
  } catch (error) {
    return { values: [], problem: `broken YAML: ${firstLine(messageOf(error))}` };
  }
}

function brokenJson(error: unknown): string {
  const at = /position (\d+)/.exec(messageOf(error))?.[1];
  return at === undefined ? `broken JSON: ${firstLine(messageOf(error))}` : `broken JSON at position ${at}`;
}

const firstLine = (text: string): string => text.split("\n", 1)[0]!.slice(0, 160);

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
