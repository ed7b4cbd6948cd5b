import { type Evidence, get } from "../evidence/evidence.ts";
import { type Resource, resourceOfKind, resources } from "../evidence/kinds.ts";
import { type Observed, unknown } from "../evidence/observed.ts";
import type { ObjectReport } from "../report/report.ts";
import type { JsonObject } from "../base/json-value.ts";

/** "apps/v1" as the API serves the kind. */
export function apiVersionOf(resource: Resource): string {
  const { group, version } = resources[resource];
  return group === "" ? version : `${group}/${version}`;
}

/** An object as it was read, with its apiVersion and kind, which lists leave out of their items. */
export function findObject(
  evidence: Evidence,
  { kind, namespace, name }: ObjectReport,
): Observed<JsonObject> {
  const resource = resourceOfKind(kind);
  if (resource === undefined) return unknown(kind, `objects of kind ${kind} are not read`);
  const found = get(evidence, resource, name, namespace);
  if (found.state !== "present") return found;
  const own = found.value as unknown as JsonObject;
  return { state: "present", value: { apiVersion: apiVersionOf(resource), kind, ...own } };
}
