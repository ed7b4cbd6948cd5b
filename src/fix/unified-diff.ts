import { type DiffLine, diffLines } from "./diff-lines.ts";

const contextLines = 3;

interface Hunk {
  readonly lines: DiffLine[];
  readonly beforeAt: number;
  readonly afterAt: number;
  /** What stands above its first change, by indentation: "spec.ports". */
  readonly within: string;
}

/** A unified diff of two texts as `git diff` prints one, with the YAML path of each hunk behind its @@; empty when they are alike. */
export function unifiedDiff(name: string, before: readonly string[], after: readonly string[]): string[] {
  const hunks = hunksOf(diffLines(before, after));
  if (hunks.length === 0) return [];
  const path = name.replace(/^\/+/, "");
  return [
    before.length === 0 ? "--- /dev/null" : `--- a/${path}`,
    after.length === 0 ? "+++ /dev/null" : `+++ b/${path}`,
    ...hunks.flatMap(hunkLines),
  ];
}

function hunkLines({ lines, beforeAt, afterAt, within }: Hunk): string[] {
  const span = (at: number, kind: "-" | "+"): string => {
    const count = lines.filter((line) => line.kind === " " || line.kind === kind).length;
    return `${kind}${count === 0 ? at : at + 1}${count === 1 ? "" : `,${count}`}`;
  };
  const head = `@@ ${span(beforeAt, "-")} ${span(afterAt, "+")} @@`;
  return [within === "" ? head : `${head} ${within}`, ...lines.map(({ kind, text }) => kind + text)];
}

function hunksOf(all: readonly DiffLine[]): Hunk[] {
  const changed = all.flatMap((line, i) => (line.kind === " " ? [] : [i]));
  const groups: { from: number; to: number }[] = [];
  for (const i of changed) {
    const last = groups.at(-1);
    if (last !== undefined && i - last.to <= 2 * contextLines) last.to = i;
    else groups.push({ from: i, to: i });
  }
  return groups.map(({ from, to }) => {
    const start = Math.max(0, from - contextLines);
    const above = all.slice(0, start);
    return {
      lines: all.slice(start, to + 1 + contextLines),
      beforeAt: above.filter((line) => line.kind !== "+").length,
      afterAt: above.filter((line) => line.kind !== "-").length,
      within: pathAbove(all, from),
    };
  });
}

/** The keys that a changed line of YAML stands under, outermost first. */
function pathAbove(all: readonly DiffLine[], at: number): string {
  const keys: string[] = [];
  let indent = indentOf(all[at]?.text ?? "");
  for (let i = at - 1; i >= 0 && indent > 0; i--) {
    const line = all[i]!;
    const own = indentOf(line.text);
    const key = /^\s*(?:- )?([\w./-]+):(?:\s*$|\s*[|>])/.exec(line.text)?.[1];
    if (line.kind === "+" || key === undefined || own >= indent) continue;
    keys.unshift(key);
    indent = own;
  }
  return keys.join(".");
}

const indentOf = (text: string): number => /^(?: |- )*/.exec(text)?.[0].length ?? 0;
