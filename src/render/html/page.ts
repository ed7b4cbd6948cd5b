import { visible } from "../../base/text.ts";
import type { IncidentReport, IncidentTarget } from "../../report/incident-report.ts";
import { statusWords } from "../incident/words.ts";
import { safeReport } from "../safe-report.ts";
import { count, moment, quietText, statusSign } from "../words.ts";
import { html, Markup, type Part, unlessEmpty } from "./markup.ts";
import { appendix, escalationSection, fixSection, followUpSection, verificationSection } from "./mending.ts";
import { evidenceSection, impactSection, openSection, timelineSection, whySection } from "./sections.ts";
import { style } from "./style.ts";

/** Nothing is loaded and nothing runs, wherever the file is opened. */
const policy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** One file: no script, nothing from elsewhere. */
export function renderIncidentHtml(report: IncidentReport): string {
  const safe = safeReport(report, visible);
  const { title, targets, kind, losses, read, escalation, scope } = safe;
  const page = html`<!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <meta name="robots" content="noindex" />
        <meta name="generator" content="why5xx ${safe.tool.version}" />
        <link rel="icon" href="data:," />
        <title>${title.slice(0, 200)} · ${kindWords[kind]}</title>
        <style>
          ${new Markup(style)}
        </style>
      </head>
      <body>
        <header class="head">
          <p class="kicker">${kindWords[kind]}</p>
          <h1>${title}</h1>
          <p class="meta">${sourceText(safe)}</p>
          ${contents(safe)}
        </header>
        <main>
          ${targets.length === 0 ? html`<p class="summary">${scope.routes === 0 ? "No route was found, so nothing was diagnosed." : quietText(scope)}</p>` : undefined}
          ${targets.map((target, i) => targetSection(target, i, targets.length))}
          ${escalationSection(escalation)} ${appendix(read, lossesMarkup(losses))}
        </main>
        <footer class="foot">
          Made by why5xx ${safe.tool.version} from what was collected at ${moment(safe.collectedAt)}. The same
          evidence gives the same page.
        </footer>
      </body>
    </html> `;
  return page.text;
}

const kindWords = { incident: "Incident report", diagnosis: "Diagnosis" } as const;

const sourceText = ({ source, collectedAt }: IncidentReport): string => {
  const origin = source.origin === undefined ? "" : `, made from ${source.origin.kind} ${source.origin.name}`;
  return `Read from ${source.kind} ${source.name}${origin}, collected ${moment(collectedAt)}`;
};

/** With several targets the way to each; with one the page is its own contents. */
const contents = ({ targets, escalation }: IncidentReport): Part =>
  targets.length < 2
    ? undefined
    : html`<nav aria-label="Contents">
        <ol>
          ${targets.map((t, i) => html`<li><a href="#target-${i + 1}">${statusSign[t.diagnosis.status]} ${t.diagnosis.target}</a></li>`)}${escalation === undefined ? undefined : html`<li><a href="#escalation">Escalation</a></li>`}
          <li><a href="#appendix">What this rests on</a></li>
        </ol>
      </nav>`;

function targetSection(target: IncidentTarget, i: number, of: number): Markup {
  const id = `target-${i + 1}`;
  const { status, target: name } = target.diagnosis;
  return html`<section class="target" aria-labelledby="${id}">
    <h2 id="${id}">
      ${of > 1 ? name : "Summary"}
      <span class="status ${status}">${statusWords[status]}</span>
    </h2>
    <div class="summary">${target.summary.map((sentence) => html`<p>${sentence}</p>`)}</div>
    ${impactSection(target)} ${timelineSection(target.timeline, `t${i + 1}`)} ${whySection(target)}
    ${evidenceSection(target)} ${openSection(target)} ${fixSection(target)} ${verificationSection(target)}
    ${followUpSection(target)}
  </section>`;
}

const lossesMarkup = (losses: IncidentReport["losses"]): Part =>
  unlessEmpty(
    losses,
    (all) =>
      html`<p>Not everything was read (${count(all.length)}):</p>
        <ul>
          ${all.map(({ what, why }) => html`<li>${what}: ${why}</li>`)}
        </ul>`,
  );
