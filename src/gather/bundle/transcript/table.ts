/** A row of a table that kubectl printed, by column title. */
export type Row = Readonly<Record<string, string>>;

/**
 * Reads tables whose cells are aligned under their titles, with two spaces at least between columns
 * (k8s.io/cli-runtime pkg/printers tablegenerator). A blank line and a new line of titles start another table,
 * as in `kubectl get all`.
 */
export function readTables(text: string): Row[][] {
  const tables: Row[][] = [];
  let columns: readonly Column[] = [];
  for (const line of text.split("\n")) {
    if (line.trim() === "") {
      columns = [];
    } else if (columns.length === 0) {
      columns = isTitles(line) ? columnsOf(line) : [];
      if (columns.length > 0) tables.push([]);
    } else {
      tables.at(-1)!.push(rowOf(line, columns));
    }
  }
  return tables;
}

interface Column {
  readonly title: string;
  readonly start: number;
  /** Absent for the last one. */
  readonly end?: number;
}

/** NAMESPACE, "LAST SEEN", PORT(S), UP-TO-DATE: titles are in capitals. */
const isTitles = (line: string): boolean => /^[A-Z][A-Z()\-/ ]+$/.test(line.trim()) && /^\S/.test(line);

/** Columns of a line of titles; also of "Type  Reason  Age" within a describe text. */
export function columnsOf(line: string): Column[] {
  const starts = Array.from(line.matchAll(/\S+(?: \S+)*/g), (match) => ({
    title: match[0],
    start: match.index,
  }));
  return starts.map(({ title, start }, at) => {
    const end = starts[at + 1]?.start;
    return end === undefined ? { title, start } : { title, start, end };
  });
}

export function rowOf(line: string, columns: readonly Column[]): Row {
  return Object.fromEntries(
    columns.map(({ title, start, end }) => [title, line.slice(start, end).trim()] as const),
  );
}

/** A cell that says there is nothing. */
export const isNone = (cell: string | undefined): boolean =>
  cell === undefined || cell === "" || cell === "<none>" || cell === "<unset>" || cell === "<nil>";

/** "a=b,c=d" as a mapping of labels; undefined for none, or when it is an expression that no mapping says. */
export function labelsOf(cell: string | undefined): Record<string, string> | undefined {
  if (cell === undefined || isNone(cell)) return undefined;
  const pairs = cell.split(",").map((pair) => pair.trim());
  if (!pairs.every((pair) => /^[^=!\s()]+=[^=\s]*$/.test(pair))) return undefined;
  return Object.fromEntries(
    pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
  );
}
