import { cut } from "../base/text.ts";
import type { FindingReport, TargetReport, UnknownReport } from "../report/report.ts";
import type { Ink } from "./ink.ts";
import { block, commandLine } from "./lines.ts";
import { count, isCommand, listed, ruledOutBy } from "./words.ts";

const shownRefuted = 5;
const shownUndecided = 3;
const shownUnknown = 4;
const shownCauses = 4;

/** What a Prometheus told; the source of each with everything else. */
export function metricLines({ metrics = [] }: TargetReport, verbose: boolean, ink: Ink): string[] {
  if (metrics.length === 0) return [];
  const lines = metrics.flatMap(({ text, source }) =>
    block("  ", verbose ? `${text} (${source})` : text, ink.width),
  );
  return ["", ink.bold("Prometheus says"), ...lines];
}

/** Causes that stay possible, with what is missing and where to look. */
export function undecidedLines(target: TargetReport, verbose: boolean, ink: Ink): string[] {
  const undecided = target.findings.filter((f) => f.state === "undecided");
  const isAnswered = target.status === "explained" || target.status === "healthy";
  const shown = verbose ? undecided : isAnswered ? [] : undecided.slice(0, shownUndecided);
  if (shown.length === 0) return [];
  return [
    "",
    ink.bold("Still possible"),
    ...shown.flatMap((f) => undecidedCause(f, ink)),
    ...more(undecided, shown, ink),
  ];
}

function undecidedCause(finding: FindingReport, ink: Ink): string[] {
  const why = finding.why === undefined ? "" : `: ${finding.why}`;
  return [
    ...block(`  ${ink.sign.unknown} `, `${finding.cause}${why}`, ink.width),
    ...(finding.lookAt === undefined ? [] : [ink.cyan(commandLine(finding.lookAt))]),
  ];
}

/** One line for each cause that the evidence speaks against. */
export function refutedLines(target: TargetReport, verbose: boolean, ink: Ink): string[] {
  const refuted = target.findings.filter((f) => f.state === "refuted");
  // Of a target that is well nobody asks what it was not.
  if (refuted.length === 0 || (target.status === "healthy" && !verbose)) return [];
  const shown = verbose ? refuted : refuted.slice(0, shownRefuted);
  const lines = shown.flatMap((f) => {
    const text = `${f.cause}: ${ruledOutBy(f)}`;
    return verbose
      ? block(`  ${ink.sign.speaksAgainst} `, text, ink.width)
      : [cut(`  ${ink.sign.speaksAgainst} ${text}`, ink.width, ink.sign.ellipsis)];
  });
  return ["", ink.bold("Ruled out"), ...lines, ...more(refuted, shown, ink)];
}

/** What could not be read, and the causes that leaves open. */
export function unknownLines(target: TargetReport, verbose: boolean, ink: Ink): string[] {
  if (target.unknown.length === 0) return [];
  const shown = verbose ? target.unknown : target.unknown.slice(0, shownUnknown);
  const lines = shown.flatMap((u) => block(`  ${ink.sign.unknown} `, unknownText(u, verbose), ink.width));
  return ["", ink.bold("Could not be known"), ...lines, ...more(target.unknown, shown, ink)];
}

function unknownText({ evidence, reason, wouldDecide }: UnknownReport, verbose: boolean): string {
  const open =
    wouldDecide.length === 0
      ? ""
      : `; leaves open ${listed(wouldDecide, verbose ? wouldDecide.length : shownCauses)}`;
  return `${evidence}: ${reason}${open}`;
}

export function nextLines(target: TargetReport, ink: Ink): string[] {
  if (target.next.length === 0) return [];
  const lines = target.next.flatMap((step, i) => {
    const lead = `  ${i + 1}. `;
    return isCommand(step) ? [lead + ink.cyan(step)] : block(lead, step, ink.width);
  });
  return ["", ink.bold("Next"), ...lines];
}

function more(all: readonly unknown[], shown: readonly unknown[], ink: Ink): string[] {
  const folded = all.length - shown.length;
  return folded > 0 ? [ink.dim(`  ${ink.sign.ellipsis} ${count(folded)} more with --verbose`)] : [];
}
