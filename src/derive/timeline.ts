import type { Observed } from "../evidence/observed.ts";
import { sceneOf } from "./attempt-scene.ts";
import type { Observations } from "./observations.ts";
import { type FailureBins, failureBins, metricBins } from "./timeline-bins.ts";
import { type Lanes, podLanes } from "./timeline-lanes.ts";
import { type TimelineRow, timelineRows } from "./timeline-rows.ts";
import { countedByLog, countedByMetrics, timelineWindow, type Window } from "./timeline-window.ts";

/** What happened to a route over time: its failures, its pods, and what was changed. All times are Unix ms. */
export interface RouteTimeline extends Window, Lanes {
  /** Absent when no request was counted. */
  readonly bins?: FailureBins;
  /** Oldest first. */
  readonly rows: readonly TimelineRow[];
  /** Rows beyond those that are kept. */
  readonly rowsDropped: number;
}

/** More rows than anybody reads in one table. */
const mostRows = 150;

export function routeTimeline(facts: Observations, nowMs: number): RouteTimeline {
  const scene = sceneOf(facts);
  const traffic = valueOf(facts.traffic);
  const rows = timelineRows(facts, scene);
  const counters = traffic === undefined ? valueOf(facts.metrics)?.requests : undefined;
  const metrics = counters === undefined ? undefined : valueOf(counters);
  const seen = traffic === undefined ? metrics && countedByMetrics(metrics) : countedByLog(traffic);
  const window = timelineWindow(seen, rows, nowMs);
  const bins = traffic === undefined ? metrics && metricBins(metrics, window) : failureBins(traffic, window);
  const shown = rows.filter((row) => row.toMs >= window.fromMs && row.atMs <= window.toMs);
  return {
    ...window,
    ...(bins === undefined ? {} : { bins }),
    rows: shown.slice(0, mostRows),
    rowsDropped: Math.max(0, shown.length - mostRows),
    ...podLanes(facts, scene, window),
  };
}

const valueOf = <T>(observed: Observed<T>): T | undefined =>
  observed.state === "present" ? observed.value : undefined;
