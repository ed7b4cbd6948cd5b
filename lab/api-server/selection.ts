import { parseFieldSelector } from "./field-selector.ts";
import { parseLabelSelector } from "./label-selector.ts";
import type { ServedResource } from "./served.ts";
import { badRequest, resourceVersionTooLarge } from "./status.ts";
import type { StoredObject } from "./stored-object.ts";

export type Selection = (stored: StoredObject) => boolean;

/**
 * What labelSelector and fieldSelector let through; undefined when neither is given.
 * @throws StatusError 400 for a selector that does not parse
 */
export function selectionOf(query: URLSearchParams, served: ServedResource): Selection | undefined {
  const labels = query.get("labelSelector") ?? "";
  const fields = query.get("fieldSelector") ?? "";
  if (labels === "" && fields === "") return undefined;
  const byLabels = parseLabelSelector(labels);
  if (fields === "") return (stored) => byLabels(stored.labels);
  const byFields = parseFieldSelector(fields, served);
  return (stored) => byLabels(stored.labels) && byFields(stored.object);
}

/** @throws StatusError 400 when it is not a number, 504 when the cluster is not there yet */
export function checkRevision(text: string | null, current: number): void {
  if (text === null || text === "") return;
  const asked = Number(text);
  if (!Number.isInteger(asked) || asked < 0)
    throw badRequest(
      `resourceVersion: Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`,
    );
  if (asked > current) throw resourceVersionTooLarge(asked, current);
}
