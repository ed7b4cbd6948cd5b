import type { Limits } from "../../base/limits.ts";
import { decodeText, looksBinary } from "./decode-text.ts";
import { type Documents, firstLine, messageOf } from "./documents.ts";
import { parseYaml } from "./parse-yaml.ts";

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
  if (isJson) return parseJson(text, path, limits);
  const isTooLong = /\.json$/i.test(path) && text.length > flowYamlBytes;
  return isTooLong ? { values: [], problem: "it is not JSON" } : parseYaml(text, limits);
}

function parseJson(text: string, path: string, limits: Limits): Documents {
  try {
    return { values: [JSON.parse(text)] };
  } catch (error) {
    const several = jsonStream(text);
    if (several.problem === undefined) return several;
    if (!/\.json$/i.test(path) && text.length < flowYamlBytes) return parseYaml(text, limits);
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

/** Flow mappings in a YAML file are small and by hand; a large text that starts with a brace is broken JSON. */
const flowYamlBytes = 128 * 1024;

function brokenJson(error: unknown): string {
  const at = /position (\d+)/.exec(messageOf(error))?.[1];
  return at === undefined ? `broken JSON: ${firstLine(messageOf(error))}` : `broken JSON at position ${at}`;
}
