/** What a kubectl command line asks for. */
export interface KubectlCommand {
  /** get, describe, logs, … */
  readonly verb: string;
  /** What follows the verb without flags: "pods", "web-0", "svc/web". */
  readonly operands: readonly string[];
  readonly namespace?: string;
  readonly isAllNamespaces: boolean;
  /** "wide", "yaml", "json", …; absent for the plain table. */
  readonly output?: string;
  readonly selector?: string;
  readonly container?: string;
  readonly isPrevious: boolean;
  /** A pipe or a field selector leaves part of the list out. */
  readonly isFiltered: boolean;
}

const valued = new Set([
  "n",
  "namespace",
  "o",
  "output",
  "l",
  "selector",
  "c",
  "container",
  "field-selector",
]);
const valuedAndIgnored = new Set([
  "context",
  "kubeconfig",
  "cluster",
  "user",
  "sort-by",
  "since",
  "tail",
  "as",
  "chunk-size",
  "s",
  "server",
]);

/** Reads a command line; undefined when it is no kubectl or oc command. */
export function parseKubectl(command: string): KubectlCommand | undefined {
  const words = wordsOf(command);
  const pipeAt = words.findIndex((word) => word === "|" || word === ">" || word === "2>&1");
  const own = (pipeAt < 0 ? words : words.slice(0, pipeAt)).filter((word) => word !== "sudo");
  const [tool = "", ...rest] = own;
  if (!/^(?:.*\/)?(kubectl|oc|k)$/.test(tool)) return undefined;
  const flags = new Map<string, string>();
  const operands: string[] = [];
  for (let at = 0; at < rest.length; at++) {
    const flag = /^--?([A-Za-z][\w-]*)(?:=([^]*))?$/.exec(rest[at]!);
    if (flag === null) {
      operands.push(rest[at]!);
      continue;
    }
    const [name, attached] = nameOf(flag[1]!, rest[at]!.startsWith("--"), flag[2]);
    const takesNext = attached === undefined && (valued.has(name) || valuedAndIgnored.has(name));
    flags.set(name, takesNext ? (rest[++at] ?? "") : (attached ?? "true"));
  }
  const [verb, ...others] = operands;
  if (verb === undefined) return undefined;
  const either = (short: string, long: string): string | undefined => flags.get(short) ?? flags.get(long);
  const optional = {
    namespace: either("n", "namespace"),
    output: either("o", "output"),
    selector: either("l", "selector"),
    container: either("c", "container"),
  };
  return {
    verb,
    operands: others,
    isAllNamespaces: flags.has("A") || flags.get("all-namespaces") === "true",
    isPrevious: flags.has("p") || flags.get("previous") === "true",
    isFiltered: (pipeAt >= 0 && words[pipeAt] === "|") || flags.has("field-selector"),
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
  };
}

/** `-nshop` and `-owide` carry their value in the same word. */
function nameOf(name: string, isLong: boolean, attached: string | undefined): [string, string | undefined] {
  if (isLong || name.length === 1 || attached !== undefined) return [name, attached];
  return "nolc".includes(name[0]!) ? [name[0]!, name.slice(1)] : [name, undefined];
}

/** Splits at spaces outside of quotes; nothing is expanded. */
function wordsOf(command: string): string[] {
  const words: string[] = [];
  for (const match of command.matchAll(/(?:[^\s"'|]|"[^"]*"|'[^']*')+|\|/g)) {
    words.push(match[0].replace(/"([^"]*)"|'([^']*)'/g, "$1$2"));
  }
  return words;
}
