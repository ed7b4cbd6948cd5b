import type { MetricSeries } from "../evidence/metrics.ts";
import type { MetricPeak, Span } from "./metric-views.ts";

type Points = MetricSeries["points"];

/** How much a counter grew, look by look. */
export interface Growth extends Span {
  readonly by: number;
}

/**
 * Growth of a counter: what is less than before began at zero again. A series that appears amid the window began at
 * zero too, when its exporter was looked at before: `seenSinceMs` says from when on.
 */
export function growthOf(points: Points, seenSinceMs: number, stepMs: number): Growth[] {
  const grown: Growth[] = [];
  const [first] = points;
  if (first !== undefined && first[0] - seenSinceMs > stepMs / 2 && first[1] > 0)
    grown.push({ fromMs: first[0] - stepMs, toMs: first[0], by: first[1] });
  for (let i = 1; i < points.length; i++) {
    const [fromMs, before] = points[i - 1]!;
    const [toMs, now] = points[i]!;
    const by = now >= before ? now - before : now;
    if (by > 0) grown.push({ fromMs, toMs, by });
  }
  return grown;
}

/** Looks in a row for which it holds, as spans; a missing look ends one. */
export function spansWhere(
  points: Points,
  stepMs: number,
  holds: (value: number, atMs: number) => boolean,
  leastLooks = 1,
): Span[] {
  const spans: { fromMs: number; toMs: number; looks: number }[] = [];
  let open: (typeof spans)[number] | undefined;
  for (const [atMs, value] of points) {
    if (open !== undefined && atMs - open.toMs > 1.5 * stepMs) open = undefined;
    if (!holds(value, atMs)) open = undefined;
    else if (open === undefined) spans.push((open = { fromMs: atMs, toMs: atMs, looks: 1 }));
    else {
      open.toMs = atMs;
      open.looks += 1;
    }
  }
  return spans.filter(({ looks }) => looks >= leastLooks).map(({ fromMs, toMs }) => ({ fromMs, toMs }));
}

export function peakOf(points: Points): Pick<MetricPeak, "peak" | "peakMs"> | undefined {
  let best: Points[number] | undefined;
  for (const point of points) if (best === undefined || point[1] > best[1]) best = point;
  return best === undefined ? undefined : { peak: best[1], peakMs: best[0] };
}

export const lastMsOf = (grown: readonly Growth[]): number => Math.max(...grown.map(({ toMs }) => toMs));
