import { parseAllDocuments } from "yaml";
import { type Limits, sizeText } from "../../base/limits.ts";
import { type Documents, firstLine, messageOf } from "./documents.ts";
import { readBlockYaml } from "./yaml-block.ts";

const templateHint = /\{\{-?\s*[.\w"]/;

/** Reads YAML, each document on its own, so that a broken one does not take the others with it. */
export function parseYaml(text: string, limits: Limits): Documents {
  const values: unknown[] = [];
  const unread: string[] = [];
  let problem: string | undefined;
  for (const { part, from } of yamlParts(text)) {
    const read = parseYamlPart(part, limits);
    values.push(...read.values);
    if (read.problem === undefined) continue;
    problem ??= templateHint.test(part)
      ? "it is a template; render it first (helm template, kubectl kustomize)"
      : `${read.problem}${read.offset === undefined ? "" : ` (line ${lineAt(text, from + read.offset)})`}`;
    unread.push(read.unread ?? part);
  }
  return problem === undefined ? { values } : { values, problem, unread: unread.join("\n---\n") };
}

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split("\n").length;

function* yamlParts(text: string): Generator<{ readonly part: string; readonly from: number }> {
  let from = 0;
  for (const mark of text.matchAll(/(?<=^|\n)---(?=[ \t\r\n]|$)/g)) {
    const part = text.slice(from, mark.index);
    if (!isEmpty(part)) yield { part, from };
    from = mark.index;
  }
  const part = text.slice(from);
  if (!isEmpty(part)) yield { part, from };
}

const isEmpty = (part: string): boolean => part.trim() === "" || part.trim() === "---";

const yamlOptions = { uniqueKeys: false, logLevel: "silent", prettyErrors: false, stringKeys: true } as const;

function parseYamlPart(part: string, limits: Limits): Documents {
  const plain = readBlockYaml(part, limits.depth * 2);
  if (plain !== undefined) return { values: [plain.value] };
  const items = part.length > splitFrom ? itemsOf(part) : [];
  return items.length > 1 ? parseItems(part, items, limits) : parseAnyYaml(part, limits);
}

/** From here on one unusual item must not send a whole list to the slow parser. */
const splitFrom = 256 * 1024;

/** Where the items of a list start. A dash in the first column is always an item's: text inside one is indented. */
function itemsOf(part: string): number[] {
  const list = /(?<=^|\n)items:[ ]*\n(?=- )/.exec(part);
  if (list === null) return [];
  return Array.from(part.slice(list.index).matchAll(/(?<=\n)- /g), (mark) => list.index + mark.index);
}

function parseItems(part: string, starts: readonly number[], limits: Limits): Documents {
  const last = starts.at(-1)!;
  const after = /\n(?=[^\s-])/.exec(part.slice(last));
  const end = after === null ? part.length : last + after.index + 1;
  const frame = parseYamlPart(`${part.slice(0, starts[0])}${part.slice(end)}`, {
    ...limits,
    yamlBytes: splitFrom,
  });
  const items: unknown[] = [];
  const unread: string[] = [];
  let problem = frame.problem;
  for (const [at, start] of starts.entries()) {
    const text = part.slice(start, starts[at + 1] ?? end);
    const read = parseYamlPart(text, limits);
    items.push(...read.values.flat());
    problem ??= read.problem;
    if (read.problem !== undefined) unread.push(text);
  }
  const values = [{ ...(frame.values[0] as object | undefined), items }];
  return problem === undefined ? { values } : { values, problem, unread: unread.join("\n") };
}

function parseAnyYaml(part: string, limits: Limits): Documents {
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
      if (error !== undefined)
        return { values, problem: `broken YAML: ${firstLine(messageOf(error))}`, offset: error.pos[0] };
      values.push(document.toJS({ maxAliasCount: limits.yamlAliases }));
    }
    return { values };
  } catch (error) {
    return { values: [], problem: `broken YAML: ${firstLine(messageOf(error))}` };
  }
}
