import type { ClueReport, FindingReport, HopReport, TargetReport } from "../report/report.ts";
import { code, codeBlock, inline } from "./markdown-text.ts";
import {
  applicabilityText,
  hopSign,
  isCommand,
  objectText,
  rootFindings,
  standing,
  statusSign,
  symptomTexts,
} from "./words.ts";

const shownClues = 3;
const shownRefuted = 8;
const shownUnknown = 4;
const shownCauses = 4;

/** One target, answer first. */
export function targetMarkdown(target: TargetReport, verbose: boolean): string[] {
  const roots = rootFindings(target);
  return [
    `### ${statusSign[target.status]} ${inline(target.target)}`,
    "",
    `**${inline(target.headline)}**`,
    ...roots.slice(0, 1).map((best) => `${standing(best)}: ${code(best.cause)}`),
    "",
    ...symptomTexts(target.symptom).map((text) => `- ${inline(text)}`),
    ...(target.alsoAffects.length > 0 ? [`- also affects ${codes(target.alsoAffects, shownCauses)}`] : []),
    ...(target.route.length > 0 ? [`- path: ${path(target.route)}`] : []),
    ...roots.flatMap((finding, i) => causeMarkdown(finding, i > 0, verbose)),
    ...metricsMarkdown(target),
    ...openMarkdown(target, verbose),
    ...nextMarkdown(target),
  ];
}

const metricsMarkdown = ({ metrics = [] }: TargetReport): string[] =>
  metrics.length === 0
    ? []
    : ["", "**Prometheus**", "", ...metrics.map(({ text, source }) => `- ${inline(text)} (${code(source)})`)];

const path = (route: readonly HopReport[]): string =>
  route
    .map((hop) => {
      const object = hop.object === undefined ? "" : `${objectText(hop.object)}, `;
      const text = `${hopSign[hop.state]} ${inline(hop.hop)} (${inline(object + hop.note)})`;
      return hop.state === "broken" ? `**${text}**` : text;
    })
    .join(" → ");

function causeMarkdown(finding: FindingReport, isBeside: boolean, verbose: boolean): string[] {
  const chain = finding.because.map((link, i) => {
    const subject = link.subject === undefined ? "" : ` (${objectText(link.subject)})`;
    return `${i + 1}. ${i === 0 ? "" : "because "}${inline(link.title + subject)}`;
  });
  const clues = verbose ? finding.clues : finding.clues.slice(0, shownClues);
  return [
    ...(isBeside
      ? ["", `**Also: ${inline(finding.title)}**`, `${standing(finding)}: ${code(finding.cause)}`]
      : []),
    ...(chain.length > 1 ? ["", "**Why**", "", ...chain] : []),
    ...(clues.length > 0 ? ["", "**Evidence**", "", ...clues.flatMap(clueMarkdown)] : []),
    ...finding.fixes.flatMap((fix) => [
      "",
      `**Fix: ${inline(fix.title)}**`,
      `${applicabilityText(fix)}${fix.effect === undefined ? "" : `; effect: ${inline(fix.effect)}`}`,
      ...(fix.commands.length > 0 ? ["", ...codeBlock(fix.commands, "sh")] : []),
    ]),
  ];
}

const clueMarkdown = (clue: ClueReport): string[] => [
  `- ${clue.for ? "" : "*against:* "}${inline(clue.text)} (${clue.weight}; ${code(clue.source)})`,
  ...(clue.see === undefined ? [] : codeBlock([clue.see], "sh", "  ")),
];

function openMarkdown(target: TargetReport, verbose: boolean): string[] {
  const isTold = verbose || target.status !== "healthy";
  const refuted = target.findings.filter((f) => isTold && f.state === "refuted").map((f) => f.cause);
  const unknown = verbose ? target.unknown : target.unknown.slice(0, shownUnknown);
  return [
    ...(refuted.length > 0
      ? ["", `**Ruled out:** ${codes(refuted, verbose ? refuted.length : shownRefuted)}`]
      : []),
    ...(unknown.length > 0 ? ["", "**Could not be known**", ""] : []),
    ...unknown.map(({ evidence, reason, wouldDecide }) => {
      const open =
        wouldDecide.length === 0
          ? ""
          : `; leaves open ${codes(wouldDecide, verbose ? wouldDecide.length : shownCauses)}`;
      return `- ${inline(evidence)}: ${inline(reason)}${open}`;
    }),
  ];
}

const nextMarkdown = ({ next }: TargetReport): string[] =>
  next.length === 0
    ? []
    : [
        "",
        "**Next**",
        "",
        ...next.map((step, i) => `${i + 1}. ${isCommand(step) ? code(step) : inline(step)}`),
      ];

function codes(items: readonly string[], most: number): string {
  const rest = items.length - most;
  return items.slice(0, most).map(code).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}
