import type { JsonEntry } from "./json-format.ts";
import { objectOf } from "./json-values.ts";

/**
 * Values of one record of Azure Monitor by lower-case name. The same log comes as a diagnostic record (`properties` inside
 * an envelope, camelCase), as rows of a resource's own table (PascalCase, flat) or of AzureDiagnostics, whose columns
 * end in their type (`httpStatus_d`).
 */
export type AzureRecord = ReadonlyMap<string, unknown>;

const maxKeys = 400;

export function azureRecord(entry: JsonEntry): AzureRecord {
  const values = new Map<string, unknown>();
  for (const part of [objectOf(entry["properties"]), entry]) {
    if (part === undefined) continue;
    for (const [key, value] of Object.entries(part).slice(0, maxKeys)) {
      const name = key.replace(/_[sdgbt]$/, "").toLowerCase();
      if (!values.has(name)) values.set(name, value);
    }
  }
  return values;
}

/** Whether it is worth looking: only Azure's records have one of these. */
export const mayBeAzure = (entry: JsonEntry): boolean =>
  "properties" in entry || "HttpStatus" in entry || "httpStatus_d" in entry || isFrontDoor(entry);

const isFrontDoor = (entry: JsonEntry): boolean =>
  "TrackingReference" in entry || "trackingReference" in entry || "trackingReference_s" in entry;
