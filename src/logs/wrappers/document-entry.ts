import { peelEntry } from "./peel.ts";
import { headOf, oneLine } from "./peeled.ts";

type Entry = Readonly<Record<string, unknown>>;

/**
 * The log lines of one entry of a document, each with the prefix that `walkLines` takes off. An entry that wraps
 * nothing is a line of JSON itself; what only describes the query gives no line.
 */
export function linesOfEntry(json: Buffer, nowMs: number): string[] {
  const value = parse(json.toString("utf8"));
  if (Array.isArray(value)) return isRow(value) ? lineOf(fieldsOfRow(value), nowMs) : [];
  if (typeof value !== "object" || value === null) return [];
  const entry = value as Entry;
  if (entry["searchedCompletely"] !== undefined) return [];
  const streams = entry["values"];
  return Array.isArray(streams) ? linesOfStream(entry, streams, nowMs) : lineOf(entry, nowMs);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function lineOf(entry: Entry, nowMs: number): string[] {
  const peeled = peelEntry(entry, nowMs);
  if (peeled === undefined) return [JSON.stringify(entry)];
  return [headOf(peeled) + oneLine(peeled.text)];
}

/** Loki's API: {"stream":{labels},"values":[["ns","line"],…]}. */
function linesOfStream(entry: Entry, values: readonly unknown[], nowMs: number): string[] {
  const lines: string[] = [];
  for (const value of values) {
    if (!Array.isArray(value) || typeof value[1] !== "string") continue;
    lines.push(...lineOf({ line: value[1], timestamp: value[0], labels: entry["stream"] ?? {} }, nowMs));
  }
  return lines;
}

/** A row of Logs Insights: [{"field":"@message","value":"…"},…]. */
const isRow = (value: readonly unknown[]): boolean =>
  value.every((cell) => typeof cell === "object" && cell !== null && "field" in cell);

const fieldsOfRow = (row: readonly unknown[]): Entry =>
  Object.fromEntries(
    (row as { field: unknown; value: unknown }[]).map(({ field, value }) => [String(field), value]),
  );
