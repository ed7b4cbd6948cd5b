import { type ObjectRef, refText, sameRef } from "../evidence/object-ref.ts";
import { compareText } from "./shape.ts";

/** What a row of the timeline is about. */
export type RowKind =
  | "failure"
  | "rollout"
  | "scaling"
  | "gateway"
  | "node"
  | "eviction"
  | "probe"
  | "restart"
  | "termination"
  | "pod"
  | "warning";

export interface TimelineRow {
  readonly kind: RowKind;
  readonly atMs: number;
  /** When it happened last; the same as `atMs` of what happened once. */
  readonly toMs: number;
  readonly count: number;
  readonly text: string;
  /** The objects it happened to, each once. */
  readonly objects: readonly ObjectRef[];
  readonly source: string;
  /** Somebody or a controller changed something: a rule is drawn through the picture. */
  readonly isChange: boolean;
}

/** The same of several pods that is not further apart is one row. */
const foldMs = 10_000;
/** Of one object what comes again and again: a probe's period, a back-off, the steps of a rollout. */
const againMs = 330_000;

/** Rows in order of time, with the same of several objects, or again and again, told once. */
export function folded(rows: readonly TimelineRow[]): TimelineRow[] {
  const open = new Map<string, TimelineRow>();
  const closed: TimelineRow[] = [];
  for (const row of rows.toSorted(inOrder)) {
    const key = `${row.kind}|${row.objects[0]?.kind ?? ""}|${alike(row)}`;
    const before = open.get(key);
    if (before !== undefined && isNear(before, row)) open.set(key, joined(before, row));
    else {
      if (before !== undefined) closed.push(before);
      open.set(key, row);
    }
  }
  return [...closed, ...open.values()].sort(inOrder);
}

function isNear(before: TimelineRow, { atMs, objects }: TimelineRow): boolean {
  const isSame = objects.length > 0 && objects.every((o) => before.objects.some((b) => sameRef(o, b)));
  const isAgain = isSame && (!before.isChange || isStep(before.text));
  return atMs - before.toMs <= (isAgain ? againMs : foldMs);
}

/** Steps of one ReplicaSet in one direction are one movement. */
const isStep = (text: string): boolean => /^Scaled (?:up|down) replica set /.test(text);

const joined = (a: TimelineRow, b: TimelineRow): TimelineRow => ({
  ...a,
  text: stepsText(a.text, b.text),
  toMs: Math.max(a.toMs, b.toMs),
  count: a.count + b.count,
  objects: [...new Map([...a.objects, ...b.objects].map((o) => [refText(o), o])).values()],
});

/** "… from 3 to 2" and "… from 1 to 0" of one set are "… from 3 to 0". */
function stepsText(first: string, last: string): string {
  const [, head] = /^(Scaled (?:up|down) replica set \S+ from \d+ to )\d+$/.exec(first) ?? [];
  const [, size] = /^Scaled (?:up|down) replica set \S+ from \d+ to (\d+)$/.exec(last) ?? [];
  return head === undefined || size === undefined ? first : `${head}${size}`;
}

/** Texts that differ in names, addresses and numbers only are the same. */
function alike({ text, objects }: TimelineRow): string {
  const [step] = /^Scaled (?:up|down) replica set \S+/.exec(text) ?? [];
  if (step !== undefined) return step;
  const unnamed = objects.reduce((t, { name }) => t.replaceAll(name, "*"), text);
  return unnamed.replace(/\b[0-9a-f]{8,}\b|\d+(\.\d+)*/g, "#");
}

export const inOrder = (a: TimelineRow, b: TimelineRow): number =>
  a.atMs - b.atMs ||
  compareText(a.kind, b.kind) ||
  compareText(`${a.text} ${a.source}`, `${b.text} ${b.source}`);
