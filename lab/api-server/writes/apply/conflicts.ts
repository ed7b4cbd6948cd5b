import { failure, type StatusError } from "../../status.ts";
import type { ManagedFieldsEntry } from "../../stored-object.ts";
import { type FieldPath, pathText } from "./field-path.ts";

/** A field that an apply would change and somebody else owns. */
export interface Conflict {
  readonly entry: ManagedFieldsEntry;
  readonly path: FieldPath;
}

/** Wording of kubernetes/apimachinery pkg/util/managedfields/internal/conflict.go. */
function managerText({ manager, operation, subresource, apiVersion, time }: ManagedFieldsEntry): string {
  const named = `"${manager ?? ""}"${subresource === undefined ? "" : ` with subresource "${subresource}"`}`;
  if (operation !== "Update") return named;
  return `${named} using ${apiVersion ?? ""}${time === undefined ? "" : ` at ${time}`}`;
}

/** 409 with every field and its owner. */
export function applyConflict(conflicts: readonly Conflict[]): StatusError {
  const causes = conflicts.map(({ entry, path }) => ({
    reason: "FieldManagerConflict",
    message: `conflict with ${managerText(entry)}`,
    field: pathText(path),
  }));
  return failure(409, "Conflict", messageOf(conflicts), { causes });
}

function messageOf(conflicts: readonly Conflict[]): string {
  const [only] = conflicts;
  if (conflicts.length === 1 && only !== undefined)
    return `Apply failed with 1 conflict: conflict with ${managerText(only.entry)}: ${pathText(only.path)}`;
  const conflicted = Map.groupBy(conflicts, ({ entry }) => managerText(entry));
  const lines = [...conflicted]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([manager, own]) => [
      `conflicts with ${manager}:`,
      ...own.map(({ path }) => `- ${pathText(path)}`),
    ]);
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join("\n")}`;
}
