import type { Observed } from "../evidence/observed.ts";
import type { Traffic } from "../logs/traffic.ts";
import { sceneOf } from "./attempt-scene.ts";
import type { Observations } from "./observations.ts";
import { type FailureBins, failureBins } from "./timeline-bins.ts";
import { type Lanes, podLanes } from "./timeline-lanes.ts";
import { type TimelineRow, timelineRows } from "./timeline-rows.ts";
import { timelineWindow, type Window } from "./timeline-window.ts";

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
  const window = timelineWindow(traffic, rows, nowMs);
  const bins = traffic === undefined ? undefined : failureBins(traffic, window);
  const seen = rows.filter((row) => row.toMs >= window.fromMs && row.atMs <= window.toMs);
  return {
    ...window,
    ...(bins === undefined ? {} : { bins }),
    rows: seen.slice(0, mostRows),
    rowsDropped: Math.max(0, seen.length - mostRows),
    ...podLanes(facts, scene, window),
  };
}

const valueOf = (traffic: Observed<Traffic>): Traffic | undefined =>
  traffic.state === "present" ? traffic.value : undefined;
