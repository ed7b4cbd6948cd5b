import { Ajv2020 } from "ajv/dist/2020.js";
import schema from "../../src/report/report.schema.json" with { type: "json" };

const ajv = new Ajv2020({ strict: true, allErrors: true });
const isValid = ajv.compile(schema);

/** What the schema says against a report, one line each; none when it is valid. */
export function schemaErrors(report: unknown): string[] {
  if (isValid(report)) return [];
  return (isValid.errors ?? []).map(
    (e) => `${e.instancePath}: ${e.message ?? e.keyword} ${JSON.stringify(e.params)}`,
  );
}
