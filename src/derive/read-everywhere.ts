import { type Evidence, list, nameOf } from "../evidence/evidence.ts";
import type { Resource } from "../evidence/kinds.ts";
import { readWhole } from "./coverage.ts";

/**
 * Whether a resource was read whole in every namespace: in one list, or namespace by namespace
 * against a whole list of namespaces. Only then does finding none mean there is none.
 */
export function readEverywhere(evidence: Evidence, resource: Resource): boolean {
  const whole = evidence.coverage.filter((c) => c.resource === resource && c.extent === "whole");
  if (whole.some((c) => c.namespace === undefined)) return true;
  const namespacesWhole = evidence.coverage.some((c) => c.resource === "namespaces" && c.extent === "whole");
  const namespaces = list(evidence, "namespaces");
  if (!namespacesWhole || namespaces.state !== "present") return false;
  const read = new Set(whole.map((c) => c.namespace));
  return namespaces.value.length > 0 && namespaces.value.every((n) => read.has(nameOf(n)));
}

/**
 * Whether the objects of a namespace that carry a label were all read: with the whole list, or with
 * a list by just that label.
 */
export function readByLabel(
  evidence: Evidence,
  resource: Resource,
  namespace: string,
  label: string,
  value: string,
): boolean {
  if (readWhole(evidence, resource, namespace)) return true;
  return evidence.coverage.some(
    (c) =>
      c.resource === resource &&
      c.extent === "selected" &&
      (c.namespace === undefined || c.namespace === namespace) &&
      c.selectors?.includes(`${label}=${value}`) === true,
  );
}

/** Why a resource was not read everywhere, in words of the failure when one was recorded. */
export function unreadReason(evidence: Evidence, resource: Resource, otherwise: string): string {
  const failed = evidence.coverage.find((c) => c.resource === resource && c.extent === "failed");
  return failed?.reason ?? otherwise;
}
