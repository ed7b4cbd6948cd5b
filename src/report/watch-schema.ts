import report from "./report.schema.json" with { type: "json" };
import watch from "./watch-report.schema.json" with { type: "json" };

/** The JSON Schema of what `watch` prints, complete in itself: its diagnosis is a target of the report. */
export const watchReportJsonSchema = { ...watch, $defs: report.$defs };
