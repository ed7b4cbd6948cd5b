import { nearestNames } from "../derive/near-names.ts";
import ladder from "../report/ladder-report.schema.json" with { type: "json" };
import lint from "../report/lint-report.schema.json" with { type: "json" };
import load from "../report/load-report.schema.json" with { type: "json" };
import applied from "../report/applied-report.schema.json" with { type: "json" };
import fix from "../report/fix-plan.schema.json" with { type: "json" };
import { incidentReportJsonSchema } from "../report/incident-schema.ts";
import { logsReportJsonSchema } from "../report/logs-schema.ts";
import probe from "../report/probe-report.schema.json" with { type: "json" };
import report from "../report/report.schema.json" with { type: "json" };
import verify from "../report/verify-report.schema.json" with { type: "json" };
import { watchReportJsonSchema } from "../report/watch-schema.ts";
import type { Call } from "./command.ts";
import { writeOut } from "./output.ts";
import { UsageProblem } from "./usage-problem.ts";

const schemas: Readonly<Record<string, object>> = {
  report,
  logs: logsReportJsonSchema,
  lint,
  ladder,
  fix,
  applied,
  watch: watchReportJsonSchema,
  verify,
  probe,
  incident: incidentReportJsonSchema,
  load,
};

export async function run({ operands }: Call): Promise<number> {
  const [name = "report"] = operands;
  const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
  if (schema === undefined) {
    const [near = "report"] = nearestNames(name, Object.keys(schemas));
    throw new UsageProblem(
      `there is no schema "${name}"; there are ${Object.keys(schemas).join(", ")}. Did you mean ${near}?`,
    );
  }
  await writeOut(`${JSON.stringify(schema, null, 2)}\n`);
  return 0;
}
