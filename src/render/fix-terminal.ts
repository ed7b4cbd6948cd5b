import type { ChangeReport, FixPlan, TargetPlan } from "../report/fix-plan.ts";
import type { TerminalStyle } from "../base/terminal.ts";
import { type Ink, marked } from "./ink.ts";
import { block, commandLine } from "./lines.ts";
import { laidOut, lossLines } from "./terminal.ts";
import { applicabilityText, moment, objectText, percent, quietText } from "./words.ts";

/** What `fix` proposes, for a person at a terminal; the commands and the patches can be pasted. */
export const renderFixes = (plan: FixPlan, style: TerminalStyle): string =>
  laidOut(plan, style, (safe, ink) => [
    ...(safe.targets.length === 0
      ? block(`${ink.sign.ok} `, quietText(safe.scope), ink.width).concat("")
      : []),
    ...safe.targets.flatMap((target) => [...targetLines(target, ink), ""]),
    ...lossLines(safe, ink),
    ink.dim(`Read from ${safe.source.kind} ${safe.source.name}, collected ${moment(safe.collectedAt)}.`),
  ]);

function targetLines(target: TargetPlan, ink: Ink): string[] {
  const { sign, paint } = marked(ink, target.status);
  return [
    ink.bold(target.target),
    ...block(`${sign} `, target.headline, ink.width).map((line) => ink.bold(paint(line))),
    ...target.changes.flatMap((change) => ["", ...changeLines(change, ink)]),
    ...(target.changes.length === 0 ? ["", ...block("  ", noChangeText(target), ink.width)] : []),
  ];
}

const noChangeText = ({ status }: TargetPlan): string =>
  status === "healthy" ? "Nothing to change." : "No cause was found that a change would mend.";

function changeLines(change: ChangeReport, ink: Ink): string[] {
  const { number, title, cause, confidence, effect, diff, noDiff, managed, patch, commands } = change;
  const lead = `${number}. `;
  const indent = " ".repeat(lead.length);
  const paint = change.applicability === "safe" ? ink.green : ink.yellow;
  return [
    ...block(lead, title, ink.width).map(ink.bold),
    ...block(indent, `for ${cause}, ${percent(confidence)} confident`, ink.width).map(ink.dim),
    ...block(indent, applicabilityText(change), ink.width).map(paint),
    ...(effect === undefined ? [] : block(indent, `effect: ${effect}`, ink.width)),
    ...(managed === undefined ? [] : block(`${indent}${ink.sign.suspect} `, managed, ink.width, ink.yellow)),
    ...(diff.length === 0 ? [] : ["", ...diffLines(diff, ink), ""]),
    ...(noDiff === undefined || patch === undefined
      ? []
      : block(indent, `no diff of ${objectText(patch.object)}: ${noDiff}`, ink.width)),
    ...commands.map((command) => ink.cyan(commandLine(command))),
  ];
}

export const diffLines = (diff: readonly string[], ink: Ink): string[] =>
  diff.map((line) => {
    if (line.startsWith("---") || line.startsWith("+++")) return ink.bold(line);
    if (line.startsWith("@@")) return ink.cyan(line);
    if (line.startsWith("-")) return ink.red(line);
    return line.startsWith("+") ? ink.green(line) : line;
  });
