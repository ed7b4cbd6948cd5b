import schema from "../report/report.schema.json" with { type: "json" };
import { writeOut } from "./output.ts";

export async function run(): Promise<number> {
  await writeOut(`${JSON.stringify(schema, null, 2)}\n`);
  return 0;
}
