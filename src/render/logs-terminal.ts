import type { LogsReport } from "../report/logs-report.ts";
import { type Ink, marked } from "./ink.ts";
import { block } from "./lines.ts";
import { countTable, type Row } from "./logs-table.ts";
import { fileText, headText, linesText, originTexts, shareText, stationTexts } from "./logs-words.ts";
import { barLine } from "./bars.ts";
import { laidOut, lossLines, type TerminalOptions } from "./terminal.ts";
import { targetLines } from "./terminal-target.ts";
import { tableLines } from "./terminal-table.ts";
import { safeReport } from "./safe-report.ts";
import { visible } from "../base/text.ts";
import { count, counted, listed, moment, objectText, span, tally } from "./words.ts";

const shownRows = 5;
const shownTargets = 3;
const shownPatterns = 8;

/** The report of `logs` for a person at a terminal: how much failed, who said so, when, where, and why. */
export const renderLogsTerminal = (report: LogsReport, { style, verbose }: TerminalOptions): string =>
  laidOut(report, style, (safe, ink) => reportLines(safe, verbose, ink));

/** What fits a screen that is drawn again and again: how much failed, when, where, and the causes in a table. */
export const renderLogsSummary = (report: LogsReport, style: TerminalOptions["style"]): string =>
  laidOut(report, style, (safe, ink) => [
    ...headLines(safe, ink),
    ...whenLines(safe, ink),
    ...whereLines(safe, false, ink),
    ...(safe.targets.length > 0 ? ["", ink.bold("Why"), ...tableLines(safe.targets, ink)] : []),
  ]);

/** The state of a followed log in one line. */
export function renderLogsLine(report: LogsReport): string {
  const { window, findings } = safeReport(report, visible);
  const causes = [...new Set(findings.map((finding) => finding.cause))];
  const why = causes.length === 0 ? "" : `; ${listed(causes, 3)}`;
  return `${window === undefined ? "" : `${moment(window.to)} `}${headText(report)}${why}`;
}

function reportLines(report: LogsReport, verbose: boolean, ink: Ink): string[] {
  return [
    ...headLines(report, ink),
    ...whenLines(report, ink),
    ...whereLines(report, verbose, ink),
    ...patternLines(report, verbose, ink),
    ...attributionLines(report, verbose, ink),
    ...verdictLines(report, verbose, ink),
    ...unrecognisedLines(report, ink),
    ...(report.losses.length > 0 ? [""] : []),
    ...lossLines(report, ink),
  ];
}

function headLines(report: LogsReport, ink: Ink): string[] {
  const { requests, attempts, window } = report;
  const { paint, sign } = marked(ink, requests.failed > 0 ? "broken" : requests.total > 0 ? "ok" : "unknown");
  return [
    ...block(`${sign} `, headText(report), ink.width).map((line) => ink.bold(paint(line))),
    ...[...stationTexts(report), ...originTexts(report)].flatMap((text) => block("  ", text, ink.width)),
    ...(attempts.failed > 0 ? block("  ", `failed attempts: ${tally(attempts.byClass)}`, ink.width) : []),
    ...(window === undefined ? [] : block("  ", span(window.from, window.to), ink.width)),
    ...block("  ", `${fileText(report)}: ${linesText(report)}`, ink.width).map(ink.dim),
  ];
}

function whenLines({ series, requests }: LogsReport, ink: Ink): string[] {
  if (requests.failed === 0 || series.length < 2) return [];
  const failed = series.map((row) => Object.values(row.failed).reduce((sum, n) => sum + n, 0));
  const most = failed.indexOf(Math.max(...failed));
  const peak = series[most];
  if (peak === undefined) return [];
  const { bars, seconds } = barLine(series, failed, ink.width - 4, ink.sign.ok === "✓");
  const width = seconds < 60 ? `${seconds} s` : `${seconds / 60} min`;
  return [
    "",
    `${ink.bold("When")} ${ink.dim(`(failures, ${width} each)`)}`,
    `  ${ink.red(bars)}`,
    ...block(
      "  ",
      `most: ${count(failed[most] ?? 0)} of ${count(peak.requests)} requests at ${peak.from.slice(11, 16)} UTC`,
      ink.width,
    ),
  ];
}

function whereLines(report: LogsReport, verbose: boolean, ink: Ink): string[] {
  const most = verbose ? Number.POSITIVE_INFINITY : shownRows;
  const { services, upstreams, paths, clients } = report;
  const named = services.filter((s) => s.failed + s.masked > 0);
  const tables: [string, readonly Row[]][] = [
    [
      "service",
      named.map((s) => ({ name: s.name, of: s.requests, failed: s.failed, note: maskedNote(s.masked) })),
    ],
    [
      "upstream",
      upstreams
        .filter((u) => u.failed > 0)
        .map((u) => ({ name: u.address, of: u.attempts, failed: u.failed, note: tally(u.byClass) })),
    ],
    ["path", paths.map((p) => ({ name: p.template, of: p.requests, failed: p.failed, note: "" }))],
    ["client", clients.keys.map((c) => ({ name: c.client, of: c.requests, failed: c.failed, note: "" }))],
  ];
  const shown = tables.filter(([, rows]) => rows.length > 1 || (rows.length === 1 && verbose));
  if (shown.length === 0) return [];
  return ["", ink.bold("Where"), ...shown.flatMap(([title, rows]) => countTable(title, rows, most, ink))];
}

const maskedNote = (masked: number): string => (masked > 0 ? `${count(masked)} more hidden by retries` : "");

function patternLines({ patterns }: LogsReport, verbose: boolean, ink: Ink): string[] {
  if (patterns.length === 0) return [];
  const shown = verbose ? patterns : patterns.slice(0, shownPatterns);
  const folded = patterns.length - shown.length;
  return [
    "",
    ink.bold("Pattern"),
    ...shown.flatMap((pattern) => block(`  ${ink.sign.separator} `, pattern.text, ink.width)),
    ...(folded > 0 ? [ink.dim(`  ${ink.sign.ellipsis} ${folded} more with --verbose`)] : []),
  ];
}

/** Each failed attempt beside what its pod was going through. */
function attributionLines({ attribution }: LogsReport, verbose: boolean, ink: Ink): string[] {
  const most = verbose ? Number.POSITIVE_INFINITY : shownRows;
  return attribution.flatMap(({ target, of, unexplained, states }) => [
    "",
    `${ink.bold("What was happening")} ${ink.dim(`(${target}, ${counted(of, "failed attempt")})`)}`,
    ...states
      .slice(0, most)
      .flatMap(({ state, pod, attempts, example }) =>
        block(
          `  ${count(attempts).padStart(count(of).length)}  `,
          `${state}${pod === undefined ? "" : ` ${objectText(pod)}`}: ${example.text} (${example.source})`,
          ink.width,
        ),
      ),
    ...(states.length > most
      ? [ink.dim(`  ${ink.sign.ellipsis} ${states.length - most} more with --verbose`)]
      : []),
    ...(unexplained > 0
      ? [`  ${count(unexplained).padStart(count(of).length)}  nothing is known to have happened`]
      : []),
  ]);
}

function verdictLines({ targets }: LogsReport, verbose: boolean, ink: Ink): string[] {
  const shown = verbose ? targets : targets.slice(0, shownTargets);
  const rule = ink.dim((ink.sign.ok === "✓" ? "─" : "-").repeat(Math.min(ink.width, 60)));
  return [
    ...(targets.length > 1 ? ["", ink.bold("Why"), ...tableLines(targets, ink)] : []),
    ...shown.flatMap((target) => ["", rule, ...targetLines(target, verbose, ink)]),
    ...(targets.length > shown.length
      ? ["", ink.dim(`${ink.sign.ellipsis} ${targets.length - shown.length} more with --verbose`)]
      : []),
  ];
}

function unrecognisedLines({ lines, unrecognised }: LogsReport, ink: Ink): string[] {
  if (lines.unrecognised === 0) return [];
  const share = shareText(lines.unrecognised, lines.total);
  return [
    "",
    ink.bold(`Not understood: ${count(lines.unrecognised)} of ${count(lines.total)} lines (${share})`),
    ...unrecognised.map(({ line }) => ink.dim(`  ${line.slice(0, Math.max(20, ink.width - 2))}`)),
    ...block(
      "  ",
      "If these are requests, say how they are written: --format '<log_format string>'",
      ink.width,
    ),
  ];
}
