import type { ChangeReport } from "../../report/fix-plan.ts";
import type { EscalationReport, IncidentTarget, ReadReport } from "../../report/incident-report.ts";
import type { LintFindingReport } from "../../report/lint-report.ts";
import type { VerifyReport } from "../../report/verify-report.ts";
import { sizeText } from "../../base/limits.ts";
import { escalationExample, verdictTexts } from "../incident/words.ts";
import { applicabilityText, count, isCommand, objectText } from "../words.ts";
import { html, type Markup, type Part, unlessEmpty } from "./markup.ts";

/** What is to be done, by whom, and what the report rests on. */

export function fixSection({ changes, diagnosis }: IncidentTarget): Markup {
  return html`<h3>Fix</h3>
    ${changes.length === 0 ? html`<p class="note">No change is proposed: ${diagnosis.status === "healthy" ? "nothing fails" : "no cause with a known remedy was found"}.</p>` : undefined}
    ${changes.map(changeMarkup)}
    ${unlessEmpty(
      diagnosis.next,
      (next) =>
        html`<h4>Next</h4>
          <ol>
            ${next.map((step) => html`<li>${isCommand(step) ? html`<code>${step}</code>` : step}</li>`)}
          </ol>`,
    )}`;
}

function changeMarkup(change: ChangeReport): Markup {
  const { title, applicability, effect, diff, noDiff, commands, cause } = change;
  return html`<div class="card">
    <h4 style="margin-top:0">${title}</h4>
    <p class="note">
      <span class="tag ${applicability}">${applicability.replace("-", " ")}</span>
      ${applicabilityText(change)}.${effect === undefined ? undefined : html` Effect: ${effect}.`} For
      <code>${cause}</code>.
    </p>
    ${unlessEmpty(diff, (lines) => html`<pre>${lines.map(diffLine)}</pre>`)}
    ${noDiff === undefined ? undefined : html`<p class="note">It cannot be shown as a difference: ${noDiff}.</p>`}
    ${unlessEmpty(commands, (all) => html`<pre>${all.join("\n")}</pre>`)}
  </div>`;
}

const diffClasses: Readonly<Record<string, string>> = { "+": "add", "-": "del", "@": "hunk" };

const diffLine = (line: string): Markup =>
  html`<span class="${/^(\+\+\+|---) /.test(line) ? "hunk" : (diffClasses[line[0] ?? ""] ?? "ctx")}"
    >${line}
  </span>`;

export function verificationSection({ verification }: IncidentTarget): Part {
  if (verification === undefined) return undefined;
  const { command, result } = verification;
  return html`<h3>Verification</h3>
    ${result === undefined ? html`<p>Not verified yet. This sends the failing request again until the answer is statistically clear:</p>` : resultMarkup(result)}
    <pre>${command}</pre>`;
}

const resultMarkup = (result: VerifyReport): Markup =>
  html`<p>
      <span
        class="status ${result.verdict === "fixed" ? "healthy" : result.verdict === "not-fixed" ? "explained" : "undecided"}"
        >${result.verdict.replaceAll("-", " ")}</span
      >
      ${result.why}
    </p>
    <ul>
      ${verdictTexts(result).map((text) => html`<li>${text}</li>`)}
    </ul>
    <p class="note">Measured with:</p>`;

export function followUpSection({ followUps }: IncidentTarget): Part {
  if (followUps === undefined) return undefined;
  return html`<h3>Follow-ups</h3>
    ${
      followUps.length === 0
        ? html`<p class="note">Lint finds nothing else on this route that would fail one day.</p>`
        : html`<p>
              What lint finds on the same route: it did not cause this, unless told so above, and may cause
              the next.
            </p>
            <table aria-label="Follow-ups">
              <thead>
                <tr>
                  <th scope="col">severity</th>
                  <th scope="col">what</th>
                  <th scope="col">rule</th>
                </tr>
              </thead>
              <tbody>
                ${followUps.map(followUpRow)}
              </tbody>
            </table>`
    }`;
}

const followUpRow = ({ severity, message, object, field, rule }: LintFindingReport): Markup =>
  html`<tr>
    <td class="${severity}">${severity}</td>
    <td>${message}<br /><span class="note">${objectText(object)} ${field}</span></td>
    <td><code>${rule}</code></td>
  </tr>`;

export function escalationSection(escalation: EscalationReport | undefined): Part {
  if (escalation === undefined) return undefined;
  const { from, severity, timeBox, channel, contacts, missing, message } = escalation;
  const facts = [
    ["severity", severity],
    ["time box", timeBox],
    ["channel", channel],
  ].flatMap(([name, value]) =>
    value === undefined
      ? []
      : [
          html`<dt>${name}</dt>
            <dd>${value}</dd>`,
        ],
  );
  return html`<section aria-labelledby="escalation">
    <h2 id="escalation">Escalation</h2>
    ${facts.length === 0 ? undefined : html`<dl class="facts">${facts}</dl>`}
    ${unlessEmpty(
      contacts,
      (all) =>
        html`<table aria-label="Whom to call">
          <thead>
            <tr>
              <th scope="col">who</th>
              <th scope="col">role</th>
              <th scope="col">how</th>
            </tr>
          </thead>
          <tbody>
            ${all.map(
              (c) =>
                html`<tr>
                  <td>${c.name}</td>
                  <td>${c.role ?? ""}</td>
                  <td>${c.reach ?? ""}</td>
                </tr>`,
            )}
          </tbody>
        </table>`,
    )}
    ${
      missing.length === 0
        ? undefined
        : html`<div class="card blank">
            <p style="margin-top:0">
              Not filled in: ${missing.join(", ")}.
              ${from === undefined ? "Who is called is nothing that can be read from a cluster; put it into a file and give it with" : `Add it to ${from}, or give another file with`}
              <code>--escalation FILE</code>:
            </p>
            <pre>${escalationExample}</pre>
          </div>`
    }
    <h3>To paste</h3>
    <pre>${message.join("\n")}</pre>
  </section>`;
}

export function appendix(read: ReadReport, losses: Part): Markup {
  return html`<section aria-labelledby="appendix">
    <h2 id="appendix">What this rests on</h2>
    ${losses}
    <details>
      <summary>Objects, logs, and what could not be read</summary>
      ${unlessEmpty(read.objects, (all) => html`<p>${all.map((o) => `${count(o.count)} ${o.kind}`).join(", ")}.</p>`)}
      ${unlessEmpty(
        read.logs,
        (all) =>
          html`<table aria-label="Logs that were read">
              <thead>
                <tr>
                  <th scope="col">log</th>
                  <th scope="col" class="num">size</th>
                </tr>
              </thead>
              <tbody>
                ${all.map(
                  (log) =>
                    html`<tr>
                      <td>${log.name}</td>
                      <td class="num">
                        ${log.bytes === undefined ? (log.reason ?? "not read") : sizeText(log.bytes)}
                      </td>
                    </tr>`,
                )}
              </tbody>
            </table>
            ${read.otherLogs > 0 ? html`<p class="note">and ${count(read.otherLogs)} more logs</p>` : undefined}`,
      )}
      ${unlessEmpty(
        read.unread,
        (all) =>
          html`<p>Could not be read:</p>
            <ul>
              ${all.map((u) => html`<li>${u.what}: ${u.why}</li>`)}
            </ul>`,
      )}
    </details>
  </section>`;
}
