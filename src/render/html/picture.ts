import type { TimelineReport } from "../../report/incident-report.ts";
import { count } from "../words.ts";
import { lanesMarkup, lanesHeight } from "./picture-lanes.ts";
import { barsMarkup, seriesSlots } from "./picture-bars.ts";
import { ruleGroups, rulesMarkup } from "./picture-rules.ts";
import { html, type Markup } from "./markup.ts";
import { frame, timeScale, timeTicks } from "./scale.ts";
import { bandText, pictureText } from "./picture-text.ts";

/** Failures over time on top, the lives of pods below, changes as rules through both, one time axis. */
export function picture(timeline: TimelineReport, id: string): Markup {
  const { fromMs, toMs } = spanOf(timeline);
  const scale = timeScale(fromMs, toMs, frame.left, frame.right);
  const hasBins = timeline.bins !== undefined;
  const top = frame.flags;
  const lanesTop = top + (hasBins ? frame.requests + frame.failures + frame.gap * 2 : frame.gap);
  const bottom = lanesTop + lanesHeight(timeline);
  const height = bottom + 24;
  const ticks = timeTicks(scale, 7);
  const band = failingBand(timeline);
  return html`<svg
    class="picture"
    viewBox="0 0 ${frame.width} ${height}"
    role="img"
    aria-labelledby="${id}-title"
    aria-describedby="${id}-desc"
  >
    <title id="${id}-title">Failures over the lives of pods</title>
    <desc id="${id}-desc">${pictureText(timeline)}</desc>
    <g aria-hidden="true">
      ${patterns(id)}
      ${
        band === undefined
          ? undefined
          : html`<rect
              class="band"
              x="${scale.x(band.fromMs)}"
              y="${top}"
              width="${Math.max(1, scale.x(band.toMs) - scale.x(band.fromMs))}"
              height="${bottom - top}"
              ><title>${bandText(band)}</title></rect
            >`
      }
      ${ticks.map((t) => html`<line class="grid" x1="${scale.x(t.ms)}" x2="${scale.x(t.ms)}" y1="${top}" y2="${bottom}" /><text class="tick" x="${scale.x(t.ms)}" y="${bottom + 16}">${t.label}</text>`)}
      ${timeline.bins === undefined ? undefined : barsMarkup(timeline.bins, scale, top, id)}
      ${lanesMarkup(timeline, scale, lanesTop, id)} ${rulesMarkup(ruleGroups(timeline, scale), top, bottom)}
    </g>
  </svg>`;
}

/** With the first and the last step of the failures whole. */
function spanOf({ from, to, bins }: TimelineReport): Band {
  const span = { fromMs: Date.parse(from), toMs: Date.parse(to) };
  if (bins === undefined) return span;
  const startMs = Date.parse(bins.from);
  const steps = bins.requests?.length ?? bins.series[0]?.counts.length ?? 0;
  return {
    fromMs: Math.min(span.fromMs, startMs),
    toMs: Math.max(span.toMs, startMs + steps * bins.seconds * 1000),
  };
}

/** Signs that tell states apart without colour. */
const patterns = (id: string): Markup =>
  html`<defs>
    <pattern
      id="${id}-p-not-ready"
      width="5"
      height="5"
      patternUnits="userSpaceOnUse"
      patternTransform="rotate(45)"
      ><rect class="s-not-ready" width="5" height="5" /><line class="hatch" x1="0" y1="0" x2="0" y2="5"
    /></pattern>
    <pattern
      id="${id}-p-terminating"
      width="5"
      height="5"
      patternUnits="userSpaceOnUse"
      patternTransform="rotate(-45)"
      ><rect class="s-terminating" width="5" height="5" /><line class="hatch" x1="0" y1="0" x2="0" y2="5"
    /></pattern>
    <pattern
      id="${id}-p-masked"
      width="4"
      height="4"
      patternUnits="userSpaceOnUse"
      patternTransform="rotate(45)"
      ><rect class="k-masked-ground" width="4" height="4" /><line
        class="k-masked-line"
        x1="0"
        y1="0"
        x2="0"
        y2="4"
    /></pattern>
  </defs>`;

interface Band {
  readonly fromMs: number;
  readonly toMs: number;
}

/** From the first to the last failed request. */
function failingBand({ rows }: TimelineReport): Band | undefined {
  const failures = rows.filter((row) => row.kind === "failure");
  const first = failures[0];
  const last = failures.at(-1);
  if (first === undefined || last === undefined) return undefined;
  return { fromMs: Date.parse(first.from), toMs: Date.parse(last.from) };
}

/** What the signs of the picture mean, beside it in words. */
export function legend(timeline: TimelineReport): Markup {
  const series = timeline.bins?.series ?? [];
  const slots = seriesSlots(series.map((s) => s.key));
  const states = new Set(timeline.lanes.flatMap((lane) => lane.spans.map((span) => span.state)));
  return html`<ul class="legend">
    ${series.map((s, i) => html`<li><i class="swatch ${slots[i]}"></i>${s.key} <b>${count(s.counts.reduce((a, b) => a + b, 0))}</b></li>`)}
    ${stateWords.filter(([state]) => states.has(state)).map(([state, words]) => html`<li><i class="swatch state ${state}"></i>${words}</li>`)}
    ${timeline.lanes.some((l) => l.failed.length > 0) ? html`<li><i class="swatch tickmark"></i>failed attempt at the pod</li>` : undefined}
    ${timeline.lanes.some((l) => l.marks.some((m) => m.kind === "restarted")) ? html`<li><i class="sign">▲</i>restart</li>` : undefined}
    ${timeline.lanes.some((l) => l.marks.some((m) => m.kind === "terminated")) ? html`<li><i class="sign">×</i>container ended</li>` : undefined}
    ${timeline.lanes.some((l) => l.marks.some((m) => m.kind === "probe-failed")) ? html`<li><i class="sign">◦</i>probe failed</li>` : undefined}
  </ul>`;
}

const stateWords = [
  ["pending", "pending"],
  ["not-ready", "running, not ready"],
  ["running", "running, readiness not recorded"],
  ["ready", "ready"],
  ["terminating", "told to stop"],
] as const;
