import { visible } from "../base/text.ts";
import type { LintFindingReport, LintReport, SuppressedReport } from "../report/lint-report.ts";
import { safeReport } from "./safe-report.ts";
import { artifactLocation, logicalLocation, sarifLog, type SarifResult } from "./sarif-log.ts";
import { objectText } from "./words.ts";

/** What lint found as SARIF 2.1.0. Suppressed findings are there, marked as such. */
export function renderLintSarif(report: LintReport): string {
  const { tool, rules, findings, suppressed, losses } = safeReport(report, visible);
  return sarifLog({
    category: "why5xx/lint/",
    version: tool.version,
    rules: rules.map(({ id, title, why, severity }) => ({ id, title, why, level: severity })),
    results: [
      ...findings.map((finding) => resultOf(finding)),
      ...suppressed.map((finding) => resultOf(finding, { suppressions: [suppressionOf(finding)] })),
    ],
    losses,
  });
}

function resultOf(finding: LintFindingReport, more: object = {}): SarifResult {
  const { rule, severity, message, object, field, place, fingerprint } = finding;
  const physical =
    place === undefined || place.file === "-"
      ? {}
      : {
          physicalLocation: {
            artifactLocation: artifactLocation(place.file),
            ...(place.line === undefined
              ? {}
              : { region: { startLine: place.line, startColumn: place.column ?? 1 } }),
          },
        };
  return {
    rule,
    level: severity,
    message: `${objectText(object)}: ${message}`,
    locations: [{ ...physical, logicalLocations: [logicalLocation(object, field)] }],
    fingerprint,
    more,
  };
}

/** An annotation is written beside the code; a configuration or baseline file is not. */
const suppressionOf = ({ by, reason }: SuppressedReport) => ({
  kind: by === "annotation" ? "inSource" : "external",
  ...(reason === undefined ? {} : { justification: reason }),
});
