import type { TerminalStyle } from "../base/terminal.ts";
import { ascii, visible } from "../base/text.ts";
import type { Report } from "../report/report.ts";
import { type Ink, inkFor } from "./ink.ts";
import { block } from "./lines.ts";
import { safeReport } from "./safe-report.ts";
import { tableLines } from "./terminal-table.ts";
import { targetLines } from "./terminal-target.ts";
import { count, counted, moment, quietText } from "./words.ts";

export interface TerminalOptions {
  readonly style: TerminalStyle;
  /** Everything the report holds, with nothing folded away. */
  readonly verbose: boolean;
}

/** The report for a person at a terminal. Order and judgement are the report's; this only lays out. */
export function renderTerminal(report: Report, { style, verbose }: TerminalOptions): string {
  return laidOut(report, style, (safe, ink) => reportLines(safe, verbose, ink));
}

/** Escapes a report for the terminal, lays it out, and keeps to ASCII where nothing else can be shown. */
export function laidOut<R extends object>(
  report: R,
  style: TerminalStyle,
  lines: (safe: R, ink: Ink) => readonly string[],
): string {
  const safe = style.hasUnicode ? visible : (text: string): string => ascii(visible(text));
  const text = `${lines(safeReport(report, safe), inkFor(style)).join("\n")}\n`;
  return style.hasUnicode ? text : asciiButColour(text);
}

function reportLines(report: Report, verbose: boolean, ink: Ink): string[] {
  const { targets } = report;
  const detailed = targets.length === 1 ? targets : targets.filter((t) => verbose || t.status !== "healthy");
  return [
    ...(targets.length > 1 ? [...tableLines(targets, ink), ""] : []),
    ...(targets.length === 0 ? [...nothingLines(report, ink), ""] : []),
    ...detailed.flatMap((target, i) => [
      ...(targets.length > 1 ? [ink.dim(rule(ink))] : i > 0 ? [""] : []),
      ...targetLines(target, verbose, ink),
      "",
    ]),
    ...lossLines(report, ink),
    ...footLines(report, ink),
  ];
}

function nothingLines({ scope }: Report, ink: Ink): string[] {
  if (scope.routes === 0)
    return [ink.yellow(`${ink.sign.unknown} No route was found, so nothing was diagnosed.`)];
  if (scope.undecided > 0) return block(`${ink.sign.unknown} `, quietText(scope), ink.width, ink.yellow);
  return block(`${ink.sign.ok} `, quietText(scope), ink.width).map(ink.green);
}

export function lossLines({ losses }: Pick<Report, "losses">, ink: Ink): string[] {
  if (losses.length === 0) return [];
  const lines = losses.flatMap(({ what, why }) =>
    block(`  ${ink.sign.suspect} `, `${what}: ${why}`, ink.width, ink.yellow),
  );
  return [ink.bold("Not everything was read"), ...lines, ""];
}

function footLines({ source, collectedAt, scope, targets }: Report, ink: Ink): string[] {
  const quiet =
    targets.length > 0 && scope.healthy > 0 ? `; ${count(scope.healthy)} more with nothing to report` : "";
  const routes = scope.routes > targets.length ? `, ${counted(scope.routes, "route")} looked at${quiet}` : "";
  return block(
    "",
    `Read from ${source.kind} ${source.name}, collected ${moment(collectedAt)}${routes}.`,
    ink.width,
  ).map(ink.dim);
}

const rule = (ink: Ink): string => (ink.sign.ok === "✓" ? "─" : "-").repeat(Math.min(ink.width, 60));

/** What our own wording brought in; escape sequences at this point are our colours only. */
const asciiButColour = (text: string): string =>
  text
    .split("\u001b")
    .map((part, i) => (i === 0 ? ascii(part) : `\u001b${ascii(part)}`))
    .join("");
