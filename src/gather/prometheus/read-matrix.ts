import type { MetricSeries } from "../../evidence/metrics.ts";
import { listOf, mapOf, mapsOf, textOf } from "../bundle/json-value.ts";

/** More series than a route's objects have: the newest Prometheus would send them, and nobody could read them. */
const maxSeries = 1000;
const maxPoints = 2000;
const maxLabelChars = 256;

export interface Matrix {
  readonly series: readonly MetricSeries[];
  /** What was left out. */
  readonly loss?: string;
}

/** A range query's `data`; undefined when it is none. Values that are no finite number are no points. */
export function readMatrix(data: unknown): Matrix | undefined {
  const map = mapOf(data);
  if (map["resultType"] !== "matrix" || !Array.isArray(map["result"])) return undefined;
  const all = mapsOf(map["result"]);
  const series = all.slice(0, maxSeries).map((entry): MetricSeries => ({
    labels: labelsOf(mapOf(entry["metric"])),
    points: listOf(entry["values"]).slice(-maxPoints).flatMap(pointOf),
  }));
  const kept = series.filter(({ points }) => points.length > 0);
  const inOrder = kept.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  return {
    series: inOrder,
    ...(all.length > maxSeries ? { loss: `of ${all.length} series ${maxSeries} are kept` } : {}),
  };
}

const keyOf = ({ labels }: MetricSeries): string => JSON.stringify(labels);

/** What the exporter said stands under its own name, in the order of names. */
function labelsOf(metric: Readonly<Record<string, unknown>>): Record<string, string> {
  const labels = new Map<string, string>();
  const pairs = Object.entries(metric).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, value] of pairs)
    if (typeof value === "string") labels.set(name, value.slice(0, maxLabelChars));
  for (const [name, value] of Array.from(labels)) {
    if (!name.startsWith("exported_")) continue;
    labels.delete(name);
    labels.set(name.slice("exported_".length), value);
  }
  return Object.fromEntries([...labels].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function pointOf(value: unknown): (readonly [number, number])[] {
  const [seconds, text] = listOf(value);
  const number = Number(textOf(text) ?? Number.NaN);
  const atMs = typeof seconds === "number" ? Math.round(seconds * 1000) : Number.NaN;
  return Number.isFinite(number) && Math.abs(atMs) <= 8.64e15 ? [[atMs, number]] : [];
}
