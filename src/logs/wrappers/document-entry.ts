import { peelEntry } from "./peel.ts";
import { headOf, oneLine } from "./peeled.ts";

type Entry = Readonly<Record<string, unknown>>;

/**
 * The log lines of one entry of a document, each with the prefix that `walkLines` takes off. An entry that wraps
 * nothing is a line of JSON itself; one that only describes the query gives no line.
 */
export function linesOfEntry(json: Buffer, nowMs: number): string[] {
  const text = json.toString("utf8");
  const value = parse(text);
  if (isRow(value)) return lineOf(fieldsOfRow(value), nowMs);
  if (!isEntry(value)) return [text.replace(/\s*\n\s*/g, " ")];
  if (value["searchedCompletely"] !== undefined) return [];
  const streams = value["values"];
  return Array.isArray(streams) ? linesOfStream(value, streams, nowMs) : lineOf(value, nowMs);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function lineOf(entry: Entry, nowMs: number): string[] {
  const peeled = peelEntry(entry, nowMs);
  if (peeled === undefined) return [JSON.stringify(entry)];
  return [headOf(peeled) + oneLine(peeled.text)];
}

/** Loki's API: {"stream":{labels},"values":[["ns","line"],…]}. */
function linesOfStream(entry: Entry, values: readonly unknown[], nowMs: number): string[] {
  return values.flatMap((value) => {
    const [timestamp, line] = Array.isArray(value) ? (value as readonly unknown[]) : [];
    if (typeof line !== "string") return [JSON.stringify(value)];
    return lineOf({ line, timestamp, labels: entry["stream"] ?? {} }, nowMs);
  });
}

interface Cell {
  readonly field: string;
  readonly value: unknown;
}

/** A row of Logs Insights: [{"field":"@message","value":"…"},…]. */
const isRow = (value: unknown): value is readonly Cell[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((cell) => isEntry(cell) && typeof cell["field"] === "string");

const fieldsOfRow = (row: readonly Cell[]): Entry =>
  Object.fromEntries(row.map(({ field, value }) => [field, value]));

const isEntry = (value: unknown): value is Entry =>
  typeof value === "object" && value !== null && !Array.isArray(value);
