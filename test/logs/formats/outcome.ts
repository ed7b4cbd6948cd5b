import type { AccessFields, AccessFormat } from "../../../src/logs/formats/access-line.ts";
import { jsonFormats } from "../../../src/logs/formats/json-formats.ts";

export function fieldsOf(format: AccessFormat, line: string): AccessFields {
  const fields = format.read(line);
  if (fields === undefined) throw new Error(`not read: ${line.slice(0, 200)}`);
  return fields;
}

export const jsonFields = (line: string): AccessFields => fieldsOf(jsonFormats, line);

/** "no-endpoint by gateway", "left", "ok": what a line says became of the request. */
function outcomeOf(fields: AccessFields): string {
  if (fields.clientLeft === true) return "left";
  return fields.failure === undefined ? "ok" : `${fields.failure} by ${fields.origin ?? "?"}`;
}

export const outcomes = (
  samples: Readonly<Record<string, string>>,
  read: (line: string) => AccessFields,
): Record<string, string> =>
  Object.fromEntries(Object.entries(samples).map(([name, line]) => [name, outcomeOf(read(line))]));
