import { visible } from "../base/text.ts";
import type { LogsReport } from "../report/logs-report.ts";
import { fileText, headText, linesText, originTexts, shareText, stationTexts } from "./logs-words.ts";
import type { MarkdownOptions } from "./markdown.ts";
import { targetMarkdown } from "./markdown-target.ts";
import { cellCode, code, inline } from "./markdown-text.ts";
import { safeReport } from "./safe-report.ts";
import { count, span, tally } from "./words.ts";

const shownRows = 10;
const shownTargets = 5;

/** The report of `logs` for an incident channel or an issue. */
export function renderLogsMarkdown(report: LogsReport, { verbose }: MarkdownOptions): string {
  const safe = safeReport(report, visible);
  const targets = verbose ? safe.targets : safe.targets.slice(0, shownTargets);
  const parts = [
    head(safe),
    ...table(
      "upstream",
      safe.upstreams
        .filter((u) => u.failed > 0)
        .map((u) => [u.address, u.failed, u.attempts, tally(u.byClass)]),
    ),
    ...table(
      "path",
      safe.paths.map((p) => [p.template, p.failed, p.requests, ""]),
    ),
    ...list(
      "Pattern",
      safe.patterns.map((pattern) => inline(pattern.text)),
    ),
    ...targets.map((target) => targetMarkdown(target, verbose).join("\n")),
    ...list(
      `Not understood: ${count(safe.lines.unrecognised)} of ${count(safe.lines.total)} lines`,
      safe.unrecognised.map(({ line }) => code(line.slice(0, 200))),
    ),
    ...list(
      "Not everything was read",
      safe.losses.map(({ what, why }) => `${inline(what)}: ${inline(why)}`),
    ),
    `*why5xx ${inline(safe.tool.version)}, read from ${inline(fileText(safe))}: ${inline(linesText(safe))}*`,
  ];
  return `${parts.join("\n\n")}\n`;
}

function head(report: LogsReport): string {
  const { attempts, window } = report;
  const facts = [
    ...stationTexts(report),
    ...originTexts(report),
    ...(attempts.failed > 0 ? [`failed attempts: ${tally(attempts.byClass)}`] : []),
    ...(window === undefined ? [] : [span(window.from, window.to)]),
  ];
  return [`**${inline(headText(report))}**`, "", ...facts.map((fact) => `- ${inline(fact)}`)].join("\n");
}

type Cells = readonly [name: string, failed: number, of: number, note: string];

function table(title: string, rows: readonly Cells[]): string[] {
  if (rows.length === 0) return [];
  const lines = rows
    .slice(0, shownRows)
    .map(
      ([name, failed, of, note]) =>
        `| ${cellCode(name)} | ${count(failed)} of ${count(of)} | ${shareText(failed, of)} | ${inline(note)} |`,
    );
  return [[`| ${title} | failed | share | class |`, "|---|---|---|---|", ...lines].join("\n")];
}

const list = (title: string, items: readonly string[]): string[] =>
  items.length === 0 ? [] : [[`**${inline(title)}**`, "", ...items.map((item) => `- ${item}`)].join("\n")];
