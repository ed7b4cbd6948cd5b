import logs from "./logs-report.schema.json" with { type: "json" };
import report from "./report.schema.json" with { type: "json" };

const { finding } = report.$defs;

/** The JSON Schema of the logs report, complete in itself: targets and findings are those of the report. */
export const logsReportJsonSchema = {
  ...logs,
  $defs: {
    ...report.$defs,
    loggedFinding: {
      ...finding,
      properties: { ...finding.properties, target: { type: "string" } },
      required: [...finding.required, "target"],
    },
  },
};
