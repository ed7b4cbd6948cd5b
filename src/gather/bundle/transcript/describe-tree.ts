/**
 * A line of a describe text with everything indented below it. kubectl aligns values with a tab writer, so
 * further lines of one value start in the column where the value started (kubernetes/kubectl
 * pkg/describe/describe.go tabbedString).
 */
export interface DescribedLine {
  /** Text of the line without indentation. */
  readonly text: string;
  /** The line as it was, for tables. */
  readonly line: string;
  /** Before the first colon; the whole text when there is none. */
  readonly key: string;
  /** After the colon; "" when nothing follows. */
  readonly value: string;
  /** Further lines of the value. */
  readonly more: string[];
  readonly children: DescribedLine[];
}

interface Open {
  readonly indent: number;
  /** Column where the value starts; -1 without a value. */
  readonly valueColumn: number;
  readonly node: DescribedLine;
}

export function parseDescribed(text: string): DescribedLine[] {
  const top: DescribedLine[] = [];
  const open: Open[] = [];
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    const indent = line.length - line.trimStart().length;
    const last = open.at(-1);
    if (last !== undefined && last.valueColumn > 0 && indent >= last.valueColumn) {
      last.node.more.push(line.slice(last.valueColumn));
      continue;
    }
    while (open.length > 0 && open.at(-1)!.indent >= indent) open.pop();
    const made = nodeOf(line, indent);
    (open.at(-1)?.node.children ?? top).push(made.node);
    open.push(made);
  }
  return top;
}

function nodeOf(line: string, indent: number): Open {
  const text = line.slice(indent).trimEnd();
  const match = /^([^:]+):(\s+)?([^]*)$/.exec(text);
  const hasKey = match !== null && (match[2] !== undefined || match[3] === "");
  const value = hasKey ? match[3]! : "";
  const node = { text, line, key: hasKey ? match[1]!.trim() : text, value, more: [], children: [] };
  return { indent, valueColumn: value === "" ? -1 : indent + text.length - value.length, node };
}

/** The value of a line by its key, or undefined when it is absent or says none. */
export function valueOf(lines: readonly DescribedLine[], key: string): string | undefined {
  const value = lines.find((line) => line.key === key)?.value.trim();
  return value === undefined || value === "" || value === "<none>" || value === "<unset>" ? undefined : value;
}

export const childrenOf = (lines: readonly DescribedLine[], key: string): readonly DescribedLine[] =>
  lines.find((line) => line.key === key)?.children ?? [];

export const linesOf = (lines: readonly DescribedLine[], key: string): readonly string[] => {
  const found = lines.find((line) => line.key === key);
  return found === undefined || found.value === "" || found.value === "<none>"
    ? []
    : [found.value, ...found.more];
};

/** Labels, node selectors and the like, one "key=value" a line. */
export function describedLabels(lines: readonly DescribedLine[], key: string): Record<string, string> {
  const pairs = linesOf(lines, key).flatMap((line) => (line.includes("=") ? [line.trim()] : []));
  return Object.fromEntries(
    pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
  );
}

/** Annotations: "key: value" a line, or "key:" and the value's lines indented by two below. */
export function describedAnnotations(lines: readonly DescribedLine[]): Record<string, string> {
  const found = new Map<string, string>();
  let key: string | undefined;
  for (const line of linesOf(lines, "Annotations")) {
    const match = /^([\w./-]+): ?([^]*)$/.exec(line);
    if (match !== null) {
      key = match[1]!;
      found.set(key, match[2]!);
    } else if (key !== undefined && line.startsWith("  ")) {
      const before = found.get(key)!;
      found.set(key, before === "" ? line.slice(2) : `${before}\n${line.slice(2)}`);
    }
  }
  return Object.fromEntries(found);
}
