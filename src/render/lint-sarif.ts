import type { LintFindingReport, LintReport, SuppressedReport } from "../report/lint-report.ts";
import { visible } from "../base/text.ts";
import { jsonText } from "./json.ts";
import { safeReport } from "./safe-report.ts";
import { objectText } from "./words.ts";

const schemaUrl =
  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/** SARIF 2.1.0 (OASIS), as code scanning services read it. Suppressed findings are there, marked as such. */
export function renderLintSarif(report: LintReport): string {
  const safe = safeReport(report, visible);
  const ids = safe.rules.map((rule) => rule.id);
  const log = {
    $schema: schemaUrl,
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "why5xx",
            semanticVersion: safe.tool.version,
            rules: safe.rules.map((rule) => ({
              id: rule.id,
              shortDescription: { text: `${rule.title}.` },
              fullDescription: { text: rule.why },
              help: { text: rule.why },
              defaultConfiguration: { level: rule.severity },
            })),
          },
        },
        columnKind: "utf16CodeUnits",
        results: [
          ...safe.findings.map((finding) => resultOf(finding, ids)),
          ...safe.suppressed.map((finding) => ({
            ...resultOf(finding, ids),
            suppressions: [suppressionOf(finding)],
          })),
        ],
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: safe.losses.map(({ what, why }) => ({
              level: "warning",
              message: { text: `${what}: ${why}` },
            })),
          },
        ],
      },
    ],
  };
  return jsonText(log);
}

function resultOf(finding: LintFindingReport, ids: readonly string[]) {
  const { rule, severity, message, object, field, place, fingerprint } = finding;
  const physical =
    place === undefined || place.file === "-"
      ? {}
      : {
          physicalLocation: {
            artifactLocation: { uri: encodeURI(place.file) },
            ...(place.line === undefined
              ? {}
              : { region: { startLine: place.line, startColumn: place.column ?? 1 } }),
          },
        };
  return {
    ruleId: rule,
    ruleIndex: ids.indexOf(rule),
    level: severity,
    message: { text: `${objectText(object)}: ${message}` },
    locations: [
      {
        ...physical,
        logicalLocations: [
          {
            name: object.name,
            fullyQualifiedName: `${objectText(object)} ${field}`,
            kind: "resource",
          },
        ],
      },
    ],
    partialFingerprints: { "why5xx/v1": fingerprint },
  };
}

/** An annotation is written beside the code; a configuration or baseline file is not. */
const suppressionOf = ({ by, reason }: SuppressedReport) => ({
  kind: by === "annotation" ? "inSource" : "external",
  ...(reason === undefined ? {} : { justification: reason }),
});
