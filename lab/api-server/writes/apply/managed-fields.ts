import { schemaOf } from "../../openapi/schema.ts";
import type { StoredResource } from "../../stored-kinds.ts";
import type { KubeObject, ManagedFieldsEntry } from "../../stored-object.ts";
import { isEqual } from "../json.ts";
import { apiVersionOfResource } from "../write-context.ts";
import { type FieldPath, parseFields, writeFields } from "./field-path.ts";
import { fieldsOf } from "./fields-of.ts";

/** One manager's fields, opened. */
export interface Managed {
  readonly entry: ManagedFieldsEntry;
  readonly fields: ReadonlySet<FieldPath>;
}

export const openManaged = (entries: readonly ManagedFieldsEntry[] | undefined): Managed[] =>
  (entries ?? []).map((entry) => ({ entry, fields: parseFields(entry.fieldsV1) }));

/** Entries again; a manager that owns nothing any more is left out. */
export const closeManaged = (all: readonly Managed[]): ManagedFieldsEntry[] =>
  all
    .filter(({ fields }) => fields.size > 0)
    .map(({ entry, fields }) => ({ ...entry, fieldsType: "FieldsV1", fieldsV1: writeFields(fields) }));

export interface Writer {
  /** Undefined: nobody owns what this write changes. */
  readonly manager: string | undefined;
  readonly time: string;
  readonly subresource?: string;
}

/**
 * Who owns what after a create or an update: the writer gets the fields it changed, everybody loses fields that
 * somebody else changed or that are gone.
 */
export function managedAfterUpdate(
  resource: StoredResource,
  before: KubeObject | undefined,
  after: KubeObject,
  writer: Writer,
): ManagedFieldsEntry[] {
  const entries = openManaged(before?.metadata?.managedFields);
  if (entries.length === 0 && writer.manager === undefined) return [];
  const schema = schemaOf(resource);
  const old = before === undefined ? new Map<FieldPath, unknown>() : fieldsOf(before, schema, true);
  const fresh = fieldsOf(after, schema, true);
  const changed = [...fresh].filter(([path, value]) => !old.has(path) || !isEqual(old.get(path), value));
  const touched = new Set([
    ...changed.map(([path]) => path),
    ...[...old.keys()].filter((p) => !fresh.has(p)),
  ]);
  if (touched.size === 0) return closeManaged(entries);
  const isOwn = ({ entry }: Managed): boolean =>
    entry.manager === writer.manager &&
    entry.operation === "Update" &&
    entry.subresource === writer.subresource;
  const others = entries.map((managed) => ({
    ...managed,
    fields: new Set([...managed.fields].filter((path) => !touched.has(path))),
  }));
  if (writer.manager === undefined) return closeManaged(others);
  const own: Managed = {
    entry: {
      manager: writer.manager,
      operation: "Update",
      apiVersion: apiVersionOfResource(resource),
      time: writer.time,
      ...(writer.subresource === undefined ? {} : { subresource: writer.subresource }),
    },
    fields: new Set([...(others.find(isOwn)?.fields ?? []), ...changed.map(([path]) => path)]),
  };
  return closeManaged([...others.filter((managed) => !isOwn(managed)), own]);
}
