import { visible } from "../base/text.ts";
import type { Report, TargetReport } from "../report/report.ts";
import { targetMarkdown } from "./markdown-target.ts";
import { cellCode, code, inline } from "./markdown-text.ts";
import { safeReport } from "./safe-report.ts";
import { count, moment, percent, quietText, rootFindings, statusSign } from "./words.ts";

export interface MarkdownOptions {
  /** Every clue and every cause, not only those that matter most. */
  readonly verbose: boolean;
}

/** The report for an incident channel or an issue: compact, and nothing in it but text. */
export function renderMarkdown(report: Report, { verbose }: MarkdownOptions): string {
  const safe = safeReport(report, visible);
  const { targets } = safe;
  const detailed = targets.length === 1 ? targets : targets.filter((t) => verbose || t.status !== "healthy");
  const parts = [
    ...(targets.length > 1 ? [table(targets)] : []),
    ...(targets.length === 0 ? [nothing(safe)] : []),
    ...detailed.map((target) => targetMarkdown(target, verbose).join("\n")),
    ...(safe.losses.length > 0 ? [losses(safe)] : []),
    foot(safe),
  ];
  return `${parts.join("\n\n")}\n`;
}

function table(targets: readonly TargetReport[]): string {
  const rows = targets.map((target) => {
    const best = rootFindings(target)[0];
    const { counted: isCounted, failed, requests } = target.symptom;
    const cells = [
      `${statusSign[target.status]} ${target.status}`,
      cellCode(target.target),
      isCounted ? `${count(failed)} of ${count(requests)}` : "not counted",
      best === undefined ? "" : cellCode(best.cause),
      best === undefined ? "" : percent(best.confidence),
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return ["| status | target | failed | cause | sure |", "|---|---|---|---|---|", ...rows].join("\n");
}

const nothing = ({ scope }: Report): string =>
  scope.routes === 0
    ? "**No route was found, so nothing was diagnosed.**"
    : `**${inline(quietText(scope))}**`;

const losses = (report: Report): string =>
  [
    "**Not everything was read**",
    "",
    ...report.losses.map(({ what, why }) => `- ${inline(what)}: ${inline(why)}`),
  ].join("\n");

const foot = ({ source, collectedAt, tool }: Report): string =>
  `*why5xx ${inline(tool.version)}, read from ${inline(source.kind)}* ${code(source.name)}*, collected ${inline(moment(collectedAt))}*`;
