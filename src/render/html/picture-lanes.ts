import type { LaneReport, TimelineReport } from "../../report/incident-report.ts";
import { count, counted } from "../words.ts";
import { html, type Markup } from "./markup.ts";
import { clock, shortName, stateText } from "./picture-text.ts";
import { frame, round, type Scale } from "./scale.ts";

const headHeight = 16;

export const lanesHeight = ({ lanes }: TimelineReport): number =>
  lanes.length === 0 ? 0 : headHeight + lanes.length * frame.lane;

export function lanesMarkup(timeline: TimelineReport, scale: Scale, top: number, id: string): Markup {
  const { lanes } = timeline;
  if (lanes.length === 0) return html``;
  const grid = gridOf(timeline);
  return html`<text class="label strong" x="${frame.left - 10}" y="${top + 8}">pods</text>
    <text class="side" x="${frame.right + 8}" y="${top + 8}">failed</text>
    ${lanes.map((lane, i) => laneMarkup(lane, scale, top + headHeight + i * frame.lane, grid, id))} `;
}

/** The steps of the failures above, or seconds when none were counted; `most` attempts of one lane fill its height. */
interface Grid {
  readonly fromMs: number;
  readonly widthMs: number;
  readonly most: number;
}

function gridOf({ bins, from, lanes }: TimelineReport): Grid {
  const grid = { fromMs: Date.parse(bins?.from ?? from), widthMs: (bins?.seconds ?? 1) * 1000, most: 1 };
  const counts = lanes.flatMap((lane) => failedSteps(lane, grid).map((step) => step.attempts));
  return { ...grid, most: counts.reduce((a, b) => Math.max(a, b), 1) };
}

function laneMarkup(lane: LaneReport, scale: Scale, top: number, grid: Grid, id: string): Markup {
  const { name, spans, marks, failed } = lane;
  const attempts = failed.reduce((sum, f) => sum + f.attempts, 0);
  const middle = top + 7;
  return html`<g class="lane">
    <line class="rail" x1="${frame.left}" x2="${frame.right}" y1="${top + 6}" y2="${top + 6}" />
    <text class="label mono${lane.isGone ? " gone" : ""}" x="${frame.left - 10}" y="${top + 10}"
      >${shortName(name)}<title>${laneTitle(lane)}</title></text
    >
    ${spans.map((span) => spanMarkup(span, scale, top, id))}
    ${failedSteps(lane, grid).map((step) => failedMarkup(step, grid, scale, top))}
    ${marks.map((mark) => markMarkup(mark, scale, middle))}
    ${attempts === 0 ? undefined : html`<text class="side bad" x="${frame.right + 8}" y="${top + 10}">${count(attempts)}</text>`}
  </g>`;
}

const laneTitle = ({ name, node, revision, isGone }: LaneReport): string =>
  [
    name.slice(0, 300),
    ...(node === undefined ? [] : [`node ${node}`]),
    ...(revision === undefined ? [] : [`revision ${revision}`]),
    ...(isGone ? ["gone"] : []),
  ].join(", ");

function spanMarkup(span: LaneReport["spans"][number], scale: Scale, top: number, id: string): Markup {
  const x = scale.x(Date.parse(span.from));
  const width = round(Math.max(1, scale.x(Date.parse(span.to)) - x));
  const isHatched = span.state === "not-ready" || span.state === "terminating";
  const fill = isHatched ? html` fill="url(#${id}-p-${span.state})"` : undefined;
  return html`<rect
    class="span s-${span.state}${isHatched ? " hatched" : ""}"
    ${fill}
    x="${x}"
    y="${top}"
    width="${width}"
    height="12"
    rx="2"
    ><title>
      ${stateText(span.state)}, ${clock(Date.parse(span.from))} to ${clock(Date.parse(span.to))}
    </title></rect
  >`;
}

/** Attempts that failed in one step of the picture. */
interface Failed {
  readonly fromMs: number;
  readonly attempts: number;
}

function failedSteps({ failed }: LaneReport, grid: Grid): Failed[] {
  const steps = new Map<number, number>();
  for (const { at, attempts } of failed) {
    const step = Math.floor((Date.parse(at) - grid.fromMs) / grid.widthMs) * grid.widthMs + grid.fromMs;
    steps.set(step, (steps.get(step) ?? 0) + attempts);
  }
  return [...steps].map(([fromMs, attempts]) => ({ fromMs, attempts }));
}

/** Under the pod's bar, in the steps of the failures above, the higher the more. */
function failedMarkup(
  { fromMs, attempts }: Failed,
  { widthMs, most }: Grid,
  scale: Scale,
  top: number,
): Markup {
  const x = scale.x(fromMs);
  const width = round(Math.max(1.5, scale.x(fromMs + widthMs) - x - 0.8));
  const height = round(2.5 + 6 * (attempts / most));
  return html`<rect class="failed" x="${x}" y="${top + 12.5}" width="${width}" height="${height}"
    ><title>${clock(fromMs)}: ${counted(attempts, "failed attempt")}</title></rect
  >`;
}

const signs: Readonly<Record<string, string>> = {
  restarted: "▲",
  terminated: "×",
  evicted: "■",
  "node-lost": "■",
  "probe-failed": "◦",
  "back-off": "◦",
};

function markMarkup({ at, kind, text }: LaneReport["marks"][number], scale: Scale, middle: number): Markup {
  const ms = Date.parse(at);
  return html`<text class="sign" x="${scale.x(ms)}" y="${middle + 3}"
    >${signs[kind] ?? "•"}<title>${clock(ms)}: ${text.slice(0, 300)}</title></text
  >`;
}
