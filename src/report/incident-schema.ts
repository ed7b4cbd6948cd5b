import fixPlan from "./fix-plan.schema.json" with { type: "json" };
import incident from "./incident-report.schema.json" with { type: "json" };
import lint from "./lint-report.schema.json" with { type: "json" };
import report from "./report.schema.json" with { type: "json" };
import verify from "./verify-report.schema.json" with { type: "json" };

const { tool, source, losses, scope } = report.properties;
const { $schema: _draft, $id: _id, ...verified } = verify;

/** The JSON Schema of the incident report, complete in itself: what it takes over is as in the reports it is from. */
export const incidentReportJsonSchema = {
  ...incident,
  $defs: {
    ...report.$defs,
    ...incident.$defs,
    tool,
    source,
    losses,
    scope,
    change: fixPlan.properties.targets.items.properties.changes.items,
    lintFinding: lint.$defs.finding,
    verify: verified,
  },
};
