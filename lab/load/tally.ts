import type { TriedRequest } from "./tried-request.ts";

/** Requests of one outcome: "200", "502", or "ECONNRESET" and "timeout" where there was no whole answer. */
interface Outcome {
  readonly outcome: string;
  readonly requests: number;
  /** From when they were due to their end. */
  readonly medianMs: number;
  readonly p99Ms: number;
}

export interface Tally {
  readonly requests: number;
  /** "2xx" to "5xx", and "none" for no answer. */
  readonly byClass: Readonly<Record<string, number>>;
  /** Statuses in order, then errors. */
  readonly outcomes: readonly Outcome[];
  /** Start after due: how honest the load was. */
  readonly lateness: { readonly p50Ms: number; readonly p99Ms: number; readonly maxMs: number };
}

export function tallyOf(tried: readonly TriedRequest[]): Tally {
  const groups = Map.groupBy(tried, outcomeOf);
  const classes = Map.groupBy(tried, classOf);
  const late = sorted(tried.map(({ startMs, dueMs }) => startMs - dueMs));
  return {
    requests: tried.length,
    byClass: Object.fromEntries([...classes].map(([name, of]) => [name, of.length] as const).toSorted()),
    outcomes: [...groups]
      .map(([outcome, of]) => outcomeRow(outcome, of))
      .toSorted((a, b) => (a.outcome < b.outcome ? -1 : 1)),
    lateness: { p50Ms: quantile(late, 0.5), p99Ms: quantile(late, 0.99), maxMs: late.at(-1) ?? 0 },
  };
}

const outcomeOf = ({ status, error }: TriedRequest): string =>
  error === undefined ? String(status) : status === undefined ? error : `${status} ${error}`;

const classOf = ({ status }: TriedRequest): string =>
  status === undefined ? "none" : `${Math.floor(status / 100)}xx`;

function outcomeRow(outcome: string, of: readonly TriedRequest[]): Outcome {
  const tookMs = sorted(of.map(({ dueMs, endMs }) => endMs - dueMs));
  return { outcome, requests: of.length, medianMs: quantile(tookMs, 0.5), p99Ms: quantile(tookMs, 0.99) };
}

const sorted = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);

/** The smallest value that at least this share does not exceed. */
const quantile = (ascending: readonly number[], share: number): number =>
  ascending[Math.max(0, Math.ceil(ascending.length * share) - 1)] ?? 0;

/** The tally as people read it. */
export function tallyTable(tally: Tally): string {
  const rows = tally.outcomes.map(({ outcome, requests, medianMs, p99Ms }) => [
    outcome,
    String(requests),
    `${((100 * requests) / tally.requests).toFixed(1)} %`,
    medianMs.toFixed(0),
    p99Ms.toFixed(0),
  ]);
  const table = [["outcome", "requests", "share", "median ms", "p99 ms"], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
        .join("  "),
    )
    .join("\n");
}
