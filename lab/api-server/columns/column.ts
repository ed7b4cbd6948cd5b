import type { KubeObject } from "../stored-object.ts";

/** A column of `kubectl get`; priority 1 is shown with `-o wide` only. */
export interface Column {
  readonly name: string;
  readonly type: "string" | "integer" | "date";
  readonly format?: "name";
  readonly priority: 0 | 1;
  readonly cell: (object: KubeObject, nowMs: number) => string | number;
}

type Cell = Column["cell"];

export const text = (name: string, cell: Cell): Column => ({ name, type: "string", priority: 0, cell });
export const count = (name: string, cell: Cell): Column => ({ name, type: "integer", priority: 0, cell });
export const wide = (name: string, cell: Cell): Column => ({ name, type: "string", priority: 1, cell });

export const nameColumn: Column = {
  name: "Name",
  type: "string",
  format: "name",
  priority: 0,
  cell: (object) => object.metadata?.name ?? "",
};

/** Age since the creation, in the cluster's time. */
export const ageColumn: Column = text("Age", (object, nowMs) =>
  ageText(object.metadata?.creationTimestamp, nowMs),
);

export const none = "<none>";

export const orNone = (value: string | undefined | null): string =>
  value === undefined || value === null || value === "" ? none : value;

export function ageText(timestamp: string | null | undefined, nowMs: number): string {
  const from = Date.parse(timestamp ?? "");
  return Number.isNaN(from) ? "<unknown>" : durationText(nowMs - from);
}

/** 45s, 3m20s, 17m, 5h3m, 2d4h, 12d, 2y15d (kubernetes/apimachinery pkg/util/duration HumanDuration). */
export function durationText(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < -1) return "<invalid>";
  if (seconds < 0) return "0s";
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return pair(minutes, "m", seconds % 60, "s");
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return pair(hours, "h", minutes % 60, "m");
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (days < 8) return pair(days, "d", hours % 24, "h");
  if (days < 730) return `${days}d`;
  const years = Math.floor(days / 365);
  return years < 8 ? pair(years, "y", days % 365, "d") : `${years}y`;
}

const pair = (a: number, unitA: string, b: number, unitB: string): string =>
  b === 0 ? `${a}${unitA}` : `${a}${unitA}${b}${unitB}`;
