import type { Attributed } from "./attributed.ts";
import type { Judged } from "./judge.ts";
import type { Summary } from "./summary.ts";

export interface Timing {
  readonly medianMs: number;
  readonly maxMs: number;
  readonly slowest: string;
}

const percent = (part: number, whole: number): string =>
  whole === 0 ? "–" : `${((100 * part) / whole).toFixed(1)} %`;

/** The score as text for a person. */
export function scoreText(summary: Summary, judged: readonly Judged[], timing: Timing): string {
  const { cases, withCause } = summary;
  const lines = [
    `cases                ${cases} (${withCause} with a cause, ${cases - withCause} innocent)`,
    `top-1                ${summary.top1} of ${withCause}  ${percent(summary.top1, withCause)}`,
    `top-3                ${summary.top3} of ${withCause}  ${percent(summary.top3, withCause)}`,
    `false accusations    ${summary.falseAccusations}`,
    `abstentions          ${summary.abstentions} of ${withCause}  ${percent(summary.abstentions, withCause)}`,
    `status agreement     ${summary.statusRight} of ${cases}  ${percent(summary.statusRight, cases)}`,
    `share too small      ${summary.shareShort}`,
    `Brier score          ${summary.brier.toFixed(4)}`,
    `time per case        median ${timing.medianMs.toFixed(1)} ms, max ${timing.maxMs.toFixed(1)} ms (${timing.slowest})`,
    "",
    "confidence  findings  mean   true",
    ...summary.reliability
      .filter((d) => d.forecasts > 0)
      .map(
        (d) =>
          `${d.from.toFixed(1)}–${(d.from + 0.1).toFixed(1)}   ${String(d.forecasts).padStart(9)}  ${d.meanConfidence.toFixed(2)}  ${percent(d.right, d.forecasts).padStart(7)}`,
      ),
  ];
  const misses = judged.filter(isMiss);
  if (misses.length > 0) lines.push("", "not as expected:", ...misses.flatMap(missLines));
  return `${lines.join("\n")}\n`;
}

/** What the lab knows of single requests, as a line below the score. */
export const attributedLine = (a: Attributed): string =>
  `${a.recordedRuns} runs recorded in the lab: ${a.rightlyAttributed} of ${a.failedRequests} failed requests rightly attributed  ` +
  `${percent(a.rightlyAttributed, a.failedRequests)}, ${a.wronglyAttributed} to a cause that is not true of them`;

export const isMiss = (j: Judged): boolean =>
  !j.top1 || j.falselyAccused.length > 0 || !j.statusRight || !j.shareRight;

function missLines(j: Judged): string[] {
  const wrong = j.falselyAccused.length > 0 ? [`      falsely accused  ${j.falselyAccused.join(", ")}`] : [];
  const share = j.shareRight ? [] : ["      explains fewer of the failures than expected"];
  return [`  ${j.id}`, `      expected  ${j.expected}`, `      said      ${j.said}`, ...wrong, ...share];
}
