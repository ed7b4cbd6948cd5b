import type { TimelineReport } from "../../report/incident-report.ts";
import { count, counted } from "../words.ts";
import { html, type Markup } from "./markup.ts";
import { clock, widthText } from "./picture-text.ts";
import { frame, niceTop, round, type Scale } from "./scale.ts";

type Bins = NonNullable<TimelineReport["bins"]>;

/** A class of the style sheet for each series: kinds in order, then what is put together, then what clients never saw. */
export function seriesSlots(keys: readonly string[]): string[] {
  let next = 0;
  return keys.map((key) => {
    if (key === "hidden by a retry") return "k-masked";
    return key === "other" ? "k-other" : `k-${next++}`;
  });
}

export function barsMarkup(bins: Bins, scale: Scale, top: number, id: string): Markup {
  const requestsTop = top + frame.gap;
  const failuresTop = requestsTop + (bins.requests === undefined ? 0 : frame.requests);
  const base = top + frame.gap + frame.requests + frame.failures;
  return html`${bins.requests === undefined ? undefined : requestsMarkup(bins, bins.requests, scale, requestsTop)}
  ${failuresMarkup(bins, scale, failuresTop + 8, base, id)}`;
}

/** All requests as a quiet area of its own height: failures are few beside them. */
function requestsMarkup(bins: Bins, requests: readonly number[], scale: Scale, top: number): Markup {
  const most = Math.max(1, ...requests);
  const height = frame.requests - 8;
  const base = top + height;
  const steps = requests.map((n, i) => {
    const y = round(base - (n / most) * height);
    return `L${edge(bins, scale, i)} ${y}L${edge(bins, scale, i + 1)} ${y}`;
  });
  return html`<path
      class="requests"
      d="M${edge(bins, scale, 0)} ${base}${steps.join("")}L${edge(bins, scale, requests.length)} ${base}Z"
      ><title>All requests, at most ${count(most)} in ${widthText(bins.seconds)}</title></path
    >
    <text class="label" x="${frame.left - 10}" y="${base - 6}">all requests</text>
    <text class="side" x="${frame.right + 8}" y="${base - 6}">≤ ${count(most)}</text>`;
}

function failuresMarkup(bins: Bins, scale: Scale, top: number, base: number, id: string): Markup {
  const length = bins.series[0]?.counts.length ?? 0;
  const sums = Array.from({ length }, (_, i) => sumAt(bins, i));
  const most = niceTop(Math.max(0, ...sums));
  const y = (n: number): number => round(base - (n / most) * (base - top));
  const slots = seriesSlots(bins.series.map((s) => s.key));
  const columns = sums.map((sum, i) => (sum === 0 ? undefined : column(bins, scale, i, y, slots, id)));
  return html`<line class="grid" x1="${frame.left}" x2="${frame.right}" y1="${y(most)}" y2="${y(most)}" />
    <line class="grid" x1="${frame.left}" x2="${frame.right}" y1="${y(most / 2)}" y2="${y(most / 2)}" />
    <line class="base" x1="${frame.left}" x2="${frame.right}" y1="${base}" y2="${base}" />
    <text class="label strong" x="${frame.left - 10}" y="${top + 14}">failed requests</text>
    <text class="label" x="${frame.left - 10}" y="${top + 29}">in ${widthText(bins.seconds)}</text>
    <text class="side" x="${frame.right + 8}" y="${y(most) + 4}">${count(most)}</text>
    ${Number.isInteger(most / 2) ? html`<text class="side" x="${frame.right + 8}" y="${y(most / 2) + 4}">${count(most / 2)}</text>` : undefined}
    ${columns}`;
}

function column(
  bins: Bins,
  scale: Scale,
  i: number,
  y: (n: number) => number,
  slots: readonly string[],
  id: string,
): Markup {
  const x = edge(bins, scale, i);
  const width = round(Math.max(1.5, edge(bins, scale, i + 1) - x - 0.8));
  let below = 0;
  const parts = bins.series.map((s, k) => {
    const n = s.counts[i] ?? 0;
    if (n === 0) return undefined;
    const bottom = y(below);
    below += n;
    const fill = slots[k] === "k-masked" ? html` fill="url(#${id}-p-masked)"` : undefined;
    return html`<rect
      class="${slots[k]}"
      ${fill}
      x="${x}"
      y="${y(below)}"
      width="${width}"
      height="${round(Math.max(0.8, bottom - y(below)))}"
    />`;
  });
  const kinds = bins.series
    .filter((s) => (s.counts[i] ?? 0) > 0)
    .map((s) => `${count(s.counts[i] ?? 0)} ${s.key}`);
  const of = bins.requests?.[i];
  const from = clock(Date.parse(bins.from) + i * bins.seconds * 1000);
  return html`<g
    ><title>
      ${from}: ${kinds.join(", ")}${of === undefined || of === 0 ? "" : `, of ${counted(of, "request")}`}</title
    >${parts}</g
  >`;
}

const edge = (bins: Bins, scale: Scale, i: number): number =>
  scale.x(Date.parse(bins.from) + i * bins.seconds * 1000);

export const sumAt = ({ series }: Bins, i: number): number =>
  series.reduce((sum, s) => sum + (s.counts[i] ?? 0), 0);
