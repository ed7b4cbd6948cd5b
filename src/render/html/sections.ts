import { lowered } from "../../base/sentence.ts";
import type { IncidentTarget, TimelineReport } from "../../report/incident-report.ts";
import type { ClueReport, FindingReport, HopReport } from "../../report/report.ts";
import { busiestText, impactTiles } from "../incident/words.ts";
import { count, hopSign, moment, objectText, rootFindings, ruledOutBy, standing } from "../words.ts";
import { html, type Markup, type Part, unlessEmpty } from "./markup.ts";
import { legend, picture } from "./picture.ts";
import { othersText } from "./picture-text.ts";
import { numbersTables } from "./numbers.ts";

/** The parts of one target, each under its heading. */

export function impactSection(target: IncidentTarget): Markup {
  const { impact, diagnosis } = target;
  const tiles = impactTiles(target);
  return html`<h3>Impact</h3>
    <dl class="tiles">
      ${tiles.map(
        ({ name, value, note }) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}${note === undefined ? undefined : html`<small>${note}</small>`}</dd>
          </div>`,
      )}
    </dl>
    ${impact.paths.length < 2 ? undefined : pathsTable(target)}
    ${busiestText(impact) === undefined ? undefined : html`<p class="note">${busiestText(impact)}</p>`}
    ${unlessEmpty(diagnosis.alsoAffects, (routes) => html`<p>Also affected, as they end at the same backend: ${routes.slice(0, 12).map((route, i) => html`${i > 0 ? ", " : ""}<code>${route}</code>`)}${routes.length > 12 ? ` and ${count(routes.length - 12)} more` : ""}.</p>`)}`;
}

const pathsTable = ({ impact }: IncidentTarget): Markup =>
  html`<table aria-label="Failures by path">
      <thead>
        <tr>
          <th scope="col">path</th>
          <th scope="col" class="num">failed</th>
          <th scope="col" class="num">requests</th>
        </tr>
      </thead>
      <tbody>
        ${impact.paths.map(
          (p) =>
            html`<tr>
              <td><code>${p.path}</code></td>
              <td class="num">${count(p.failed)}</td>
              <td class="num">${count(p.of)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    ${impact.otherPaths > 0 ? html`<p class="note">and ${count(impact.otherPaths)} more paths with failures</p>` : undefined}`;

export function timelineSection(timeline: TimelineReport, id: string): Markup {
  const isBlank = timeline.bins === undefined && timeline.lanes.length === 0;
  const { rows, rowsDropped } = timeline;
  const hasMarks = rows.some((row) => row.mark !== undefined);
  return html`<h3>Timeline</h3>
    ${
      isBlank
        ? html`<p class="note">Neither requests nor pods were read, so there is nothing to draw.</p>`
        : html`<figure>
              <figcaption>
                Failed requests over the lives of the pods that took them, ${moment(timeline.from)} to
                ${moment(timeline.to)}. All times are
                UTC.${hasMarks ? " Numbered lines are changes, told below." : ""}
              </figcaption>
              <div class="scroll" tabindex="0" role="region" aria-label="Picture of failures and pods">
                ${picture(timeline, id)}
              </div>
              ${legend(timeline)}${othersNote(timeline)}${goneNote(timeline)}
            </figure>
            ${numbersTables(timeline)}`
    }
    ${unlessEmpty(
      rows,
      (all) =>
        html`<div class="scroll">
          <table aria-label="What happened">
            <thead>
              <tr>
                <th scope="col">time (UTC)</th>
                ${hasMarks ? html`<th scope="col"><span title="number in the picture">no.</span></th>` : undefined}
                <th scope="col">kind</th>
                <th scope="col">what happened</th>
              </tr>
            </thead>
            <tbody>
              ${all.map(
                (row) =>
                  html`<tr class="${row.kind}">
                    <td class="when">${whenText(row.from, row.to)}</td>
                    ${hasMarks ? markCell(row.mark) : undefined}
                    <td class="kind">${row.kind}</td>
                    <td>
                      ${row.text}${row.count > 1 ? html` <span class="kind">×${count(row.count)}</span>` : undefined}${objectsText(row.objects)}
                    </td>
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>`,
    )}${rowsDropped > 0 ? html`<p class="note">${count(rowsDropped)} later rows are left out; they are in the events and logs that were read.</p>` : undefined}`;
}

const markCell = (mark: number | undefined): Markup =>
  html`<td>${mark === undefined ? undefined : html`<span class="flag">${mark}</span>`}</td>`;

const othersNote = ({ others }: TimelineReport): Part =>
  others.length === 0 ? undefined : html`<p class="note">${othersText(others)}.</p>`;

const goneNote = ({ lanes }: TimelineReport): Part =>
  lanes.some((lane) => lane.isGone && !lane.hasEnd && lane.spans.some((s) => s.state === "terminating"))
    ? html`<p class="note">
        A name in italics is of a pod that is gone: when it had stopped nobody recorded, so it is drawn with
        its whole grace period.
      </p>`
    : undefined;

const whenText = (from: string, to: string | undefined): string => {
  const start = from.slice(11, 19);
  return to === undefined || to.slice(11, 19) === start ? start : `${start} – ${to.slice(11, 19)}`;
};

const objectsText = (objects: TimelineReport["rows"][number]["objects"]): Part =>
  unlessEmpty(
    objects,
    (all) =>
      html` <span class="note"
        >${all.slice(0, 3).map(objectText).join(", ")}${all.length > 3 ? ` and ${count(all.length - 3)} more` : ""}</span
      >`,
  );

export function whySection({ diagnosis }: IncidentTarget): Markup {
  const roots = rootFindings(diagnosis);
  return html`<h3>Why it happened</h3>
    ${roots.length === 0 ? html`<p>${diagnosis.headline}</p>` : undefined}
    ${roots.map((finding, i) => causeMarkup(finding, i))} ${pathList(diagnosis.route)}`;
}

const causeMarkup = (finding: FindingReport, i: number): Markup =>
  html`${i === 0 ? undefined : html`<h4>Beside it: ${finding.title}</h4>`}
    <p class="note">${standing(finding)} · <code>why5xx explain ${finding.cause}</code></p>
    <ol class="why">
      ${finding.because.map((link, n) => html`<li>${n === 0 ? link.title : `because ${lowered(link.title)}`}<small>${link.subject === undefined ? undefined : objectText(link.subject)}</small></li>`)}
    </ol>`;

const pathList = (route: readonly HopReport[]): Part =>
  unlessEmpty(
    route,
    (hops) =>
      html`<h4>The way of the request</h4>
        <ol class="path">
          ${hops.map((hop) => html`<li class="${hop.state}"><b>${hopSign[hop.state]} ${hop.hop}${hop.state === "broken" ? ": broken here" : ""}</b><small>${hop.object === undefined ? undefined : html`${objectText(hop.object)}<br />`}${hop.note}</small></li>`)}
        </ol>`,
  );

/** What Prometheus told beside the log. */
const metricsMarkup = ({ metrics = [] }: IncidentTarget["diagnosis"]): Part =>
  unlessEmpty(
    metrics,
    (all) =>
      html`<h4>Prometheus</h4>
        <ul class="clues">
          ${all.map(({ text, source }) => html`<li>${text}<small>read in: ${source}</small></li>`)}
        </ul>`,
  );

export function evidenceSection({ diagnosis }: IncidentTarget): Markup {
  const roots = rootFindings(diagnosis);
  const clues = roots.flatMap((f) => f.clues);
  return html`<h3>Evidence</h3>
    ${clues.length === 0 ? html`<p class="note">Nothing that was read speaks for a cause.</p>` : undefined}
    ${roots.map(
      (finding) =>
        html`${roots.length > 1 ? html`<h4>${finding.title}</h4>` : undefined}
          <ul class="clues">
            ${finding.clues.map(clueMarkup)}
          </ul>`,
    )}
    ${metricsMarkup(diagnosis)}`;
}

const clueMarkup = (clue: ClueReport): Markup =>
  html`<li>
    <span class="tag">${clue.for ? clue.weight : `against, ${clue.weight}`}</span> ${clue.text}<small
      >read in: ${clue.source}</small
    >${clue.see === undefined ? undefined : html`<pre>${clue.see}</pre>`}
  </li>`;

/** What it was not, and what may be and could not be told. */
export function openSection({ diagnosis }: IncidentTarget): Markup {
  const refuted = diagnosis.findings.filter((f) => f.state === "refuted");
  const open = diagnosis.findings.filter((f) => f.state === "undecided");
  return html`<h3>Ruled out</h3>
    ${
      refuted.length === 0
        ? html`<p class="note">No cause could be ruled out by what was read.</p>`
        : html`<details>
            <summary>${count(refuted.length)} causes were looked for and are not the reason</summary>
            ${reasons(refuted, "Causes that were ruled out")}
          </details>`
    }
    <h3>What could not be known</h3>
    ${open.length + diagnosis.unknown.length === 0 ? html`<p class="note">Nothing that would have changed the answer.</p>` : undefined}
    ${unlessEmpty(
      diagnosis.unknown,
      (unknown) =>
        html`<table aria-label="What was not read">
          <thead>
            <tr>
              <th scope="col">not read</th>
              <th scope="col">why</th>
              <th scope="col">would decide</th>
            </tr>
          </thead>
          <tbody>
            ${unknown.map(
              (u) =>
                html`<tr>
                  <td>${u.evidence}</td>
                  <td>${u.reason}</td>
                  <td>
                    ${u.wouldDecide.slice(0, 6).join(", ")}${u.wouldDecide.length > 6 ? ` and ${count(u.wouldDecide.length - 6)} more` : ""}
                  </td>
                </tr>`,
            )}
          </tbody>
        </table>`,
    )}
    ${unlessEmpty(open, (all) => html`<details${all.length <= 4 ? html` open` : undefined}><summary>${count(all.length)} ${all.length === 1 ? "cause is" : "causes are"} still possible</summary>${reasons(all, "Causes that are still possible")}</details>`)}`;
}

const reasons = (findings: readonly FindingReport[], label: string): Markup =>
  html`<table aria-label="${label}">
    <thead>
      <tr>
        <th scope="col">cause</th>
        <th scope="col">why</th>
      </tr>
    </thead>
    <tbody>
      ${findings.map(
        (f) =>
          html`<tr>
            <td><code>${f.cause}</code></td>
            <td>
              ${f.state === "undecided" ? (f.why ?? f.title) : ruledOutBy(f)}${f.lookAt === undefined ? undefined : html`<br /><code>${f.lookAt}</code>`}
            </td>
          </tr>`,
      )}
    </tbody>
  </table>`;
