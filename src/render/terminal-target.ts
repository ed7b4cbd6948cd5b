import type { FindingReport, TargetReport } from "../report/report.ts";
import { type Ink, marked } from "./ink.ts";
import { block } from "./lines.ts";
import { evidenceLines, fixLines, whyLines } from "./terminal-finding.ts";
import { pathLines } from "./terminal-path.ts";
import { metricLines, nextLines, refutedLines, undecidedLines, unknownLines } from "./terminal-rest.ts";
import { listed, rootFindings, standing, symptomTexts } from "./words.ts";

const shownSiblings = 3;
const shownRoots = 3;

/** Everything the report says of one target: the answer first, then its proof, then what stays open. */
export function targetLines(target: TargetReport, verbose: boolean, ink: Ink): string[] {
  const [best, ...others] = rootFindings(target);
  return [
    ...headLines(target, best, ink),
    ...(target.route.length === 0 ? [] : ["", ...pathLines(target, ink)]),
    ...(best === undefined ? [] : causeLines(best, target, verbose, ink)),
    ...otherCauses(others, target, verbose, ink),
    ...metricLines(target, verbose, ink),
    ...(verbose ? chainSteps(target, ink) : []),
    ...undecidedLines(target, verbose, ink),
    ...refutedLines(target, verbose, ink),
    ...unknownLines(target, verbose, ink),
    ...nextLines(target, ink),
  ];
}

function headLines(target: TargetReport, best: FindingReport | undefined, ink: Ink): string[] {
  const { sign, paint } = marked(ink, target.status);
  const status = target.status === "healthy" ? [] : [target.status.replace("-", " ")];
  const facts =
    best === undefined
      ? status
      : [...(target.status === "partly-explained" ? status : []), standing(best), best.cause];
  const siblings = target.alsoAffects;
  return [
    ink.bold(target.target),
    ...symptomTexts(target.symptom).flatMap((text) => block("  ", text, ink.width)),
    ...(siblings.length === 0
      ? []
      : block("  ", `also affects: ${listed(siblings, shownSiblings)}`, ink.width)),
    "",
    ...block(`${sign} `, target.headline, ink.width).map((line) => ink.bold(paint(line))),
    ...(facts.length === 0 ? [] : block("  ", facts.join(` ${ink.sign.separator} `), ink.width)),
  ];
}

function causeLines(finding: FindingReport, target: TargetReport, verbose: boolean, ink: Ink): string[] {
  return [
    ...whyLines(finding, target.symptom, ink),
    ...evidenceLines(finding, verbose, ink),
    ...finding.fixes.flatMap((fix) => fixLines(fix, ink)),
  ];
}

/** Causes that are true beside the best one. */
function otherCauses(
  others: readonly FindingReport[],
  target: TargetReport,
  verbose: boolean,
  ink: Ink,
): string[] {
  const shown = verbose ? others : others.slice(0, shownRoots - 1);
  const folded = others.length - shown.length;
  return [
    ...shown.flatMap((finding) => [
      "",
      ...block(`${ink.sign.broken} `, `Also: ${finding.title}`, ink.width).map((line) =>
        ink.bold(ink.red(line)),
      ),
      ...block("  ", `${standing(finding)} ${ink.sign.separator} ${finding.cause}`, ink.width),
      ...causeLines(finding, target, verbose, ink),
    ]),
    ...(folded > 0 ? ["", ink.dim(`${ink.sign.ellipsis} ${folded} more causes with --verbose`)] : []),
  ];
}

/** The proof of the outer links of a chain, which the chain itself only names. */
function chainSteps(target: TargetReport, ink: Ink): string[] {
  const roots = rootFindings(target);
  const steps = target.findings.filter((f) => f.state === "supported" && !roots.includes(f));
  return steps.flatMap((finding) => [
    "",
    ...block("  ", `In the chain: ${finding.title} (${finding.cause})`, ink.width).map(ink.bold),
    ...causeLines(finding, target, true, ink),
  ]);
}
