import type { LintFindingReport, LintReport, SuppressedReport } from "../report/lint-report.ts";
import type { Ink } from "./ink.ts";
import { block } from "./lines.ts";
import { countsText, placeText, scopeText } from "./lint-words.ts";
import { laidOut, lossLines, type TerminalOptions } from "./terminal.ts";
import { counted, objectText } from "./words.ts";

/** What lint found, for a person at a terminal: worst first, each with where it is written and what to change. */
export const renderLintTerminal = (report: LintReport, { style, verbose }: TerminalOptions): string =>
  laidOut(report, style, (safe, ink) => [
    ...safe.findings.flatMap((finding) => [...findingLines(finding, safe, verbose, ink), ""]),
    ...suppressedLines(safe.suppressed, verbose, ink),
    ...lossLines(safe, ink),
    ...footLines(safe, ink),
  ]);

function findingLines(finding: LintFindingReport, report: LintReport, verbose: boolean, ink: Ink): string[] {
  const { rule, severity, message, object, field, fixes } = finding;
  const paint = severity === "error" ? ink.red : severity === "warning" ? ink.yellow : ink.cyan;
  const sign =
    severity === "error" ? ink.sign.broken : severity === "warning" ? ink.sign.suspect : ink.sign.separator;
  const known = report.rules.find((r) => r.id === rule);
  const place = placeText(finding);
  const where = [rule, ...(place === "" ? [] : [place]), field].join(` ${ink.sign.separator} `);
  return [
    ...block(`${sign} `, `${objectText(object)}: ${known?.title ?? rule}`, ink.width, paint).map((line, i) =>
      i === 0 ? ink.bold(line) : line,
    ),
    ...block("  ", message, ink.width),
    ...block("  ", where, ink.width).map(ink.dim),
    ...(verbose && known !== undefined ? block("  why: ", known.why, ink.width) : []),
    ...fixes.flatMap((fix) => [
      ...block("  fix: ", fix.title, ink.width),
      ...(verbose && fix.patch !== undefined
        ? [`      ${fix.patch.type} patch: ${JSON.stringify(fix.patch.body)}`]
        : []),
    ]),
  ];
}

function suppressedLines(suppressed: readonly SuppressedReport[], verbose: boolean, ink: Ink): string[] {
  if (suppressed.length === 0 || !verbose) return [];
  return [
    ink.bold("Not counted"),
    ...suppressed.flatMap(({ rule, object, by, reason }) =>
      block(
        `  ${ink.sign.separator} `,
        `${objectText(object)} ${rule}: by ${by}${reason === undefined ? "" : `, ${reason}`}`,
        ink.width,
      ),
    ),
    "",
  ];
}

function footLines(report: LintReport, ink: Ink): string[] {
  const { findings, suppressed, source } = report;
  const hidden = suppressed.length === 0 ? "" : `; ${counted(suppressed.length, "finding")} not counted`;
  const head = `${countsText(report)}${hidden}, in ${scopeText(report)} of ${source.kind} ${source.names.join(" ")}`;
  const isWell = report.counts.error + report.counts.warning === 0;
  const [first] = findings;
  return [
    ...block(
      isWell ? `${ink.sign.ok} ` : "",
      `${head.charAt(0).toUpperCase()}${head.slice(1)}.`,
      ink.width,
    ).map(isWell ? ink.green : ink.bold),
    ...(first === undefined ? [] : [ink.dim(`Why, and what to do: why5xx explain ${first.rule}`)]),
  ];
}
