import type { JsonEntry } from "./json-format.ts";
import { objectOf } from "./json-values.ts";

/**
 * Values of one record of Azure Monitor by name in camelCase. The same log comes as a diagnostic record (`properties`
 * inside an envelope, camelCase), as rows of a resource's own table (PascalCase, flat) or of AzureDiagnostics, whose
 * columns end in their type (`httpStatus_d`); references write "IP" where records have "Ip", and the other way round.
 */
export interface AzureRecord {
  get(name: string): unknown;
  has(name: string): boolean;
}

export function azureRecord(entry: JsonEntry): AzureRecord {
  const properties = objectOf(entry["properties"]);
  const get = (name: string): unknown => {
    const spellings = spellingsOf(name);
    return (
      (properties === undefined ? undefined : valueOf(properties, spellings)) ?? valueOf(entry, spellings)
    );
  };
  return { get, has: (name) => get(name) !== undefined };
}

function valueOf(part: JsonEntry, spellings: readonly string[]): unknown {
  for (const spelling of spellings) {
    if (Object.hasOwn(part, spelling)) return part[spelling];
  }
  return undefined;
}

const known = new Map<string, readonly string[]>();

/** `name` comes from the readers' own few, never from a log. */
function spellingsOf(name: string): readonly string[] {
  const found = known.get(name);
  if (found !== undefined) return found;
  const camel = name.endsWith("Ip") ? [name, name.replace(/Ip$/, "IP")] : [name];
  const pascal = camel.map((text) => text.charAt(0).toUpperCase() + text.slice(1));
  const typed = camel.flatMap((text) => [`${text}_s`, `${text}_d`]);
  const spellings = [...camel, ...pascal, ...typed];
  known.set(name, spellings);
  return spellings;
}

/** Whether it is worth looking: only Azure's records have one of these. */
export const mayBeAzure = (entry: JsonEntry): boolean =>
  "properties" in entry || "HttpStatus" in entry || "httpStatus_d" in entry || isFrontDoor(entry);

const isFrontDoor = (entry: JsonEntry): boolean =>
  "TrackingReference" in entry || "trackingReference" in entry || "trackingReference_s" in entry;
