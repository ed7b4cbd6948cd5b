import type { LintFindingReport, LintReport } from "../report/lint-report.ts";
import { visible } from "../base/text.ts";
import { countsText, scopeText } from "./lint-words.ts";
import { safeReport } from "./safe-report.ts";
import { objectText } from "./words.ts";

/** Workflow commands of GitHub Actions: an annotation at the line of each finding, then one line in all. */
export function renderLintGithub(report: LintReport): string {
  const safe = safeReport(report, visible);
  const lines = safe.findings.map((finding) => command(finding, safe));
  return `${[...lines, `${countsText(safe)}, in ${scopeText(safe)}`].join("\n")}\n`;
}

const levels = { error: "error", warning: "warning", note: "notice" } as const;

function command(
  { rule, severity, message, object, place }: LintFindingReport,
  { rules }: LintReport,
): string {
  const title = rules.find((r) => r.id === rule)?.title ?? rule;
  const properties = [
    ...(place === undefined || place.file === "-" ? [] : [`file=${property(place.file)}`]),
    ...(place?.line === undefined || place.file === "-" ? [] : [`line=${place.line}`]),
    `title=${property(`${title} (${rule})`)}`,
  ];
  return `::${levels[severity]} ${properties.join(",")}::${data(`${objectText(object)}: ${message}`)}`;
}

/** As actions/toolkit packages/core/src/command.ts escapes them. */
const data = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

const property = (text: string): string => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
