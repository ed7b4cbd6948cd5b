import type { RouteTimeline } from "../derive/timeline.ts";
import type { LaneReport, TimelineReport, TimelineRowReport } from "../report/incident-report.ts";

/** The timeline as it is handed out: moments as text, and its changes numbered. */
export function timelineReport(timeline: RouteTimeline): TimelineReport {
  const { fromMs, toMs, bins, rows, rowsDropped, lanes, others } = timeline;
  let mark = 0;
  return {
    from: iso(fromMs),
    to: iso(toMs),
    ...(bins === undefined
      ? {}
      : {
          bins: {
            from: iso(bins.fromMs),
            seconds: bins.widthMs / 1000,
            ...(bins.requests === undefined ? {} : { requests: bins.requests }),
            series: bins.series,
          },
        }),
    rows: rows.map(
      ({ kind, atMs, toMs: lastMs, count, text, objects, source, isChange }): TimelineRowReport => ({
        ...(isChange && atMs >= fromMs ? { mark: ++mark } : {}),
        kind,
        from: iso(atMs),
        ...(lastMs > atMs ? { to: iso(lastMs) } : {}),
        count,
        text,
        objects,
        source,
      }),
    ),
    rowsDropped,
    lanes: lanes.map(laneReport),
    others,
  };
}

const laneReport = ({ spans, marks, failedMs, ...lane }: RouteTimeline["lanes"][number]): LaneReport => ({
  ...lane,
  spans: spans.map(({ state, fromMs, toMs }) => ({ state, from: iso(fromMs), to: iso(toMs) })),
  marks: marks.map(({ atMs, kind, text }) => ({ at: iso(atMs), kind, text })),
  failed: bySecond(failedMs),
});

function bySecond(failedMs: readonly number[]): LaneReport["failed"] {
  const counts = new Map<number, number>();
  for (const ms of failedMs) {
    const second = Math.floor(ms / 1000) * 1000;
    counts.set(second, (counts.get(second) ?? 0) + 1);
  }
  return [...counts].map(([ms, attempts]) => ({ at: iso(ms), attempts }));
}

const iso = (ms: number): string => new Date(ms).toISOString();
