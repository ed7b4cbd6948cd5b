import { lowered } from "../../base/sentence.ts";
import type { ChangeReport } from "../../report/fix-plan.ts";
import type { IncidentTarget, TimelineReport } from "../../report/incident-report.ts";
import type { ClueReport } from "../../report/report.ts";
import { widthText } from "../html/picture-text.ts";
import { cellCode, code, codeBlock, inline } from "../markdown-text.ts";
import {
  applicabilityText,
  count,
  isCommand,
  listed,
  objectText,
  rootFindings,
  ruledOutBy,
  span,
  standing,
  statusSign,
} from "../words.ts";
import { sparkline } from "./sparkline.ts";
import { busiestText, impactTiles, verdictTexts } from "./words.ts";

const mostRows = 25;
const mostClues = 8;
const mostRuledOut = 10;

export function incidentTargetMarkdown(target: IncidentTarget, isOneOfMany: boolean): string[] {
  const { diagnosis, summary, timeline } = target;
  return [
    isOneOfMany
      ? `## ${statusSign[diagnosis.status]} ${inline(diagnosis.target)}`
      : `## ${statusSign[diagnosis.status]} Summary`,
    "",
    ...summary.map((sentence) => inline(sentence)),
    ...impactMarkdown(target),
    ...timelineMarkdown(timeline),
    ...whyMarkdown(target),
    ...openMarkdown(target),
    ...fixMarkdown(target),
    ...verificationMarkdown(target),
    ...followUpMarkdown(target),
  ];
}

function impactMarkdown(target: IncidentTarget): string[] {
  const { impact, diagnosis } = target;
  const busiest = busiestText(impact);
  return [
    "",
    "### Impact",
    "",
    ...impactTiles(target).map(
      ({ name, value, note }) =>
        `- ${name}: **${inline(value)}**${note === undefined ? "" : `, ${inline(note)}`}`,
    ),
    ...(busiest === undefined ? [] : [`- ${inline(busiest)}`]),
    ...impact.paths
      .slice(0, impact.paths.length < 2 ? 0 : 5)
      .map((p) => `- ${code(p.path)}: ${count(p.failed)} of ${count(p.of)} failed`),
    ...(diagnosis.alsoAffects.length === 0
      ? []
      : [`- also affected: ${inline(listed(diagnosis.alsoAffects, 6))}`]),
  ];
}

function timelineMarkdown({ rows, rowsDropped, bins, from, to }: TimelineReport): string[] {
  if (rows.length === 0 && bins === undefined) return [];
  const shown = rows.slice(0, mostRows);
  const hidden = rows.length - shown.length + rowsDropped;
  return [
    "",
    "### Timeline",
    "",
    ...(bins === undefined || bins.series.length === 0
      ? []
      : [
          `Failed requests in steps of ${widthText(bins.seconds)}, ${inline(span(from, to))}:`,
          "",
          ...codeBlock(sparkline(bins), "text"),
          "",
        ]),
    "| time (UTC) | kind | what happened |",
    "|---|---|---|",
    ...shown.map(({ from: at, to: until, kind, text, count: n, objects }) => {
      const when = `${at.slice(11, 19)}${until === undefined || until.slice(0, 19) === at.slice(0, 19) ? "" : ` – ${until.slice(11, 19)}`}`;
      const whom = objects.length === 0 ? "" : ` (${listed(objects.map(objectText), 2)})`;
      return `| ${when} | ${kind} | ${inline(text + (n > 1 ? ` ×${count(n)}` : "") + whom)} |`;
    }),
    ...(hidden > 0 ? ["", `and ${count(hidden)} more; all are in \`-o json\``] : []),
  ];
}

const metricsMarkdown = ({ metrics = [] }: IncidentTarget["diagnosis"]): string[] =>
  metrics.length === 0
    ? []
    : ["", "Prometheus:", "", ...metrics.map(({ text, source }) => `- ${inline(text)} (${code(source)})`)];

function whyMarkdown({ diagnosis }: IncidentTarget): string[] {
  const roots = rootFindings(diagnosis);
  if (roots.length === 0)
    return ["", "### Why it happened", "", inline(diagnosis.headline), ...metricsMarkdown(diagnosis)];
  return [
    "",
    "### Why it happened",
    ...roots.flatMap((finding) => [
      "",
      ...finding.because.map(
        (link, i) =>
          `${i + 1}. ${inline((i === 0 ? link.title : `because ${lowered(link.title)}`) + (link.subject === undefined ? "" : ` (${objectText(link.subject)})`))}`,
      ),
      "",
      `${standing(finding)}: ${code(finding.cause)}`,
      "",
      ...finding.clues.slice(0, mostClues).flatMap(clueMarkdown),
    ]),
    ...metricsMarkdown(diagnosis),
  ];
}

const clueMarkdown = ({ for: isFor, text, weight, source, see }: ClueReport): string[] => [
  `- ${isFor ? "" : "*against:* "}${inline(text)} (${weight}; ${code(source)})`,
  ...(see === undefined ? [] : codeBlock([see], "sh", "  ")),
];

function openMarkdown({ diagnosis }: IncidentTarget): string[] {
  const refuted = diagnosis.findings.filter((f) => f.state === "refuted");
  const open = diagnosis.findings.filter((f) => f.state === "undecided");
  const hidden = refuted.length - mostRuledOut;
  return [
    ...(refuted.length === 0 ? [] : ["", "### Ruled out", ""]),
    ...refuted.slice(0, mostRuledOut).map((f) => `- ${code(f.cause)}: ${inline(ruledOutBy(f))}`),
    ...(hidden > 0 ? [`- and ${count(hidden)} more causes`] : []),
    ...(diagnosis.unknown.length + open.length === 0 ? [] : ["", "### What could not be known", ""]),
    ...diagnosis.unknown.map(
      (u) => `- ${inline(u.evidence)}: ${inline(u.reason)}; would decide ${inline(listed(u.wouldDecide, 4))}`,
    ),
    ...open.slice(0, 6).map((f) => `- still possible: ${code(f.cause)}, ${inline(f.why ?? f.title)}`),
    ...(open.length > 6 ? [`- and ${count(open.length - 6)} more causes`] : []),
  ];
}

const fixMarkdown = ({ changes, diagnosis }: IncidentTarget): string[] => [
  "",
  "### Fix",
  ...(changes.length === 0 ? ["", "No change is proposed."] : changes.flatMap(changeMarkdown)),
  ...(diagnosis.next.length === 0 ? [] : ["", "Next:", ""]),
  ...diagnosis.next.map((step, i) => `${i + 1}. ${isCommand(step) ? code(step) : inline(step)}`),
];

const changeMarkdown = (change: ChangeReport): string[] => [
  "",
  `**${inline(change.title)}**`,
  "",
  `${applicabilityText(change)}${change.effect === undefined ? "" : `; effect: ${inline(change.effect)}`}`,
  ...(change.diff.length === 0 ? [] : ["", ...codeBlock(change.diff, "diff")]),
  ...(change.commands.length === 0 ? [] : ["", ...codeBlock(change.commands, "sh")]),
];

function verificationMarkdown({ verification }: IncidentTarget): string[] {
  if (verification === undefined) return [];
  const { command, result } = verification;
  return [
    "",
    "### Verification",
    "",
    ...(result === undefined
      ? ["Not verified yet:"]
      : [
          `**${result.verdict.replaceAll("-", " ")}**: ${inline(result.why)}`,
          "",
          ...verdictTexts(result).map((text) => `- ${inline(text)}`),
        ]),
    "",
    ...codeBlock([command], "sh"),
  ];
}

function followUpMarkdown({ followUps }: IncidentTarget): string[] {
  if (followUps === undefined || followUps.length === 0) return [];
  return [
    "",
    "### Follow-ups",
    "",
    "| severity | what | rule |",
    "|---|---|---|",
    ...followUps.map(
      (f) => `| ${f.severity} | ${inline(`${f.message} (${objectText(f.object)})`)} | ${cellCode(f.rule)} |`,
    ),
  ];
}
