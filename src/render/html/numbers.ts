import type { TimelineReport } from "../../report/incident-report.ts";
import { count } from "../words.ts";
import { html, type Markup } from "./markup.ts";
import { clock, stateText, widthText } from "./picture-text.ts";
import { sumAt } from "./picture-bars.ts";

/** The picture as tables: for who does not see it, and for who wants the numbers. */
export const numbersTables = ({ bins, lanes }: TimelineReport): Markup =>
  html`<details>
    <summary>The picture in numbers</summary>
    ${bins === undefined ? undefined : binsTable(bins)} ${lanes.length === 0 ? undefined : lanesTable(lanes)}
  </details>`;

function binsTable(bins: NonNullable<TimelineReport["bins"]>): Markup {
  const { series, requests, seconds, from } = bins;
  const length = series[0]?.counts.length ?? 0;
  const failing = Array.from({ length }, (_, i) => i).filter((i) => sumAt(bins, i) > 0);
  if (failing.length === 0) return html`<p class="note">No request failed in this time.</p>`;
  return html`<div class="scroll">
    <table>
      <caption class="note">
        Failed requests in ${widthText(seconds)}; steps in which none failed are left out
      </caption>
      <thead>
        <tr>
          <th scope="col">from (UTC)</th>
          ${series.map((s) => html`<th scope="col" class="num">${s.key}</th>`)}${requests === undefined ? undefined : html`<th scope="col" class="num">of requests</th>`}
        </tr>
      </thead>
      <tbody>
        ${failing.map(
          (i) =>
            html`<tr>
              <th scope="row">${clock(Date.parse(from) + i * seconds * 1000)}</th>
              ${series.map((s) => html`<td class="num">${count(s.counts[i] ?? 0)}</td>`)}${requests === undefined ? undefined : html`<td class="num">${count(requests[i] ?? 0)}</td>`}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

const lanesTable = (lanes: TimelineReport["lanes"]): Markup =>
  html`<div class="scroll">
    <table>
      <caption class="note">
        Pods
      </caption>
      <thead>
        <tr>
          <th scope="col">pod</th>
          <th scope="col">node</th>
          <th scope="col">what it went through</th>
          <th scope="col" class="num">failed attempts</th>
        </tr>
      </thead>
      <tbody>
        ${lanes.map(
          (lane) =>
            html`<tr>
              <th scope="row">${lane.name}${lane.isGone ? " (gone)" : ""}</th>
              <td>${lane.node ?? ""}</td>
              <td>
                ${lane.spans.map((s) => `${stateText(s.state)} ${clock(Date.parse(s.from))} to ${clock(Date.parse(s.to))}`).join("; ")}
              </td>
              <td class="num">${count(lane.failed.reduce((sum, f) => sum + f.attempts, 0))}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
