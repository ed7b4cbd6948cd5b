import { type ObjectRef, refText } from "../evidence/object-ref.ts";
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

/** A row that others may still be joined to. */
interface Open {
  readonly first: TimelineRow;
  readonly objects: Map<string, ObjectRef>;
  text: string;
  toMs: number;
  count: number;
}

/** Rows in order of time, with the same of several objects, or again and again, told once. */
export function folded(rows: readonly TimelineRow[]): TimelineRow[] {
  const open = new Map<string, Open>();
  const all: Open[] = [];
  for (const row of rows.toSorted(inOrder)) {
    const key = `${row.kind}|${row.objects[0]?.kind ?? ""}|${alike(row)}`;
    const before = open.get(key);
    if (before !== undefined && isNear(before, row)) join(before, row);
    else {
      const { text, toMs, count } = row;
      const opened = { first: row, objects: byText(row.objects), text, toMs, count };
      open.set(key, opened);
      all.push(opened);
    }
  }
  return all
    .map(({ first, objects, ...rest }) => ({ ...first, ...rest, objects: [...objects.values()] }))
    .sort(inOrder);
}

const byText = (objects: readonly ObjectRef[]): Map<string, ObjectRef> =>
  new Map(objects.map((o) => [refText(o), o]));

function isNear(before: Open, { atMs, objects }: TimelineRow): boolean {
  const isSame = objects.length > 0 && objects.every((o) => before.objects.has(refText(o)));
  const isAgain = isSame && (!before.first.isChange || isStep(before.text));
  return atMs - before.toMs <= (isAgain ? againMs : foldMs);
}

/** Steps of one ReplicaSet in one direction are one movement. */
const isStep = (text: string): boolean => /^Scaled (?:up|down) replica set /.test(text);

function join(before: Open, row: TimelineRow): void {
  before.text = stepsText(before.text, row.text);
  before.toMs = Math.max(before.toMs, row.toMs);
  before.count += row.count;
  for (const object of row.objects) before.objects.set(refText(object), object);
}

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

const inOrder = (a: TimelineRow, b: TimelineRow): number =>
  a.atMs - b.atMs ||
  compareText(a.kind, b.kind) ||
  compareText(`${a.text} ${a.source}`, `${b.text} ${b.source}`);
