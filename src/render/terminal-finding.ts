import type { ClueReport, FindingReport, FixReport, SymptomReport } from "../report/report.ts";
import type { Ink } from "./ink.ts";
import { block, commandLine } from "./lines.ts";
import { applicabilityText, listed, objectText } from "./words.ts";

const shownClues = 4;

/** The chain of whys, outermost first; one link is no chain. */
export function whyLines(finding: FindingReport, symptom: SymptomReport, ink: Ink): string[] {
  if (finding.because.length < 2) return [];
  const codes = Object.keys(symptom.codes);
  const lines = finding.because.flatMap((link, i) => {
    const subject = link.subject === undefined ? "" : ` (${objectText(link.subject)})`;
    const lead = i === 0 ? "  " : `  ${"  ".repeat(i - 1)}${ink.sign.because} `;
    const first = i === 0 && codes.length > 0 ? `${listed(codes, 3)}: ` : "";
    return block(lead, `${first}${link.title}${subject}`, ink.width);
  });
  return ["", ink.bold("Why"), ...lines];
}

/** Clues with where they were read and the command that shows them; beyond the first few only with --verbose. */
export function evidenceLines(finding: FindingReport, verbose: boolean, ink: Ink): string[] {
  if (finding.clues.length === 0) return [];
  const shown = verbose ? finding.clues : foldedClues(finding.clues);
  const folded = finding.clues.length - shown.length;
  const more = folded > 0 ? [ink.dim(`  ${ink.sign.ellipsis} ${folded} more with --verbose`)] : [];
  return ["", ink.bold("Evidence"), ...shown.flatMap((clue) => clueLines(clue, ink)), ...more];
}

/** The heaviest for it, and never without the heaviest against it. */
function foldedClues(clues: readonly ClueReport[]): ClueReport[] {
  const against = clues.filter((clue) => !clue.for).slice(0, 1);
  return [...clues.filter((clue) => clue.for).slice(0, shownClues - against.length), ...against];
}

function clueLines(clue: ClueReport, ink: Ink): string[] {
  const sign = clue.for ? ink.sign.speaksFor : ink.sign.speaksAgainst;
  const weight = clue.for ? clue.weight : `${clue.weight}, speaks against it`;
  return [
    ...block(`  ${sign} `, clue.text, ink.width, clue.for ? ink.green : ink.yellow),
    ...block("    ", `${clue.source} (${weight})`, ink.width).map(ink.dim),
    ...(clue.see === undefined ? [] : [ink.cyan(commandLine(clue.see))]),
  ];
}

export function fixLines(fix: FixReport, ink: Ink): string[] {
  const paint = fix.applicability === "safe" ? ink.green : ink.yellow;
  return [
    "",
    ...block("Fix: ", fix.title, ink.width).map(ink.bold),
    ...block("  ", applicabilityText(fix), ink.width).map(paint),
    ...(fix.effect === undefined ? [] : block("  ", `effect: ${fix.effect}`, ink.width)),
    ...fix.commands.map((command) => ink.cyan(commandLine(command))),
  ];
}
