import { schemaOf } from "../../openapi/schema.ts";
import { badRequest } from "../../status.ts";
import type { KubeObject, ManagedFieldsEntry, StoredObject } from "../../stored-object.ts";
import { createObject } from "../create.ts";
import { invalidKind, required } from "../field-error.ts";
import { copyOf, isEqual } from "../json.ts";
import { updateObject } from "../update.ts";
import { apiVersionOfResource, type Place, timeText, type WriteContext } from "../write-context.ts";
import { applyConflict } from "./conflicts.ts";
import { elementsOf, type FieldPath } from "./field-path.ts";
import { type Fields, fieldsOf } from "./fields-of.ts";
import { closeManaged, type Managed, openManaged } from "./managed-fields.ts";
import { mergeApplied, removeField } from "./merge-applied.ts";

export interface ApplyOptions {
  readonly dryRun?: boolean;
  readonly fieldManager?: string;
  readonly force?: boolean;
  readonly subresource?: "status" | "binding" | "scale";
}

/**
 * Server-side apply: the manager says all it wants; what it wanted before and no longer does goes, unless others want
 * it too.
 * @param applied decoded; used up
 * @throws StatusError 409 for fields of others that would change, unless forced
 */
export function applyObject(
  context: WriteContext,
  place: Place,
  applied: KubeObject,
  options: ApplyOptions,
): { readonly stored: StoredObject; readonly isNew: boolean } {
  const { fieldManager: manager = "", subresource } = options;
  if (manager === "")
    throw invalidKind("PatchOptions", "meta.k8s.io", "", [
      required("fieldManager", "is required for apply patch"),
    ]);
  if ((applied.metadata?.managedFields ?? []).length > 0)
    throw badRequest("metadata.managedFields must be nil");
  if (subresource !== "status") delete applied["status"];
  const { resource, name, namespace } = place;
  const before = context.store.get(resource, name, namespace);
  const schema = schemaOf(resource);
  const wanted = fieldsOf(applied, schema, false);
  const entry: ManagedFieldsEntry = {
    manager,
    operation: "Apply",
    apiVersion: apiVersionOfResource(resource),
    time: timeText(context.nowMs()),
    ...(subresource === undefined ? {} : { subresource }),
  };
  const dryRun = options.dryRun ?? false;
  const own: Managed = { entry, fields: new Set(wanted.keys()) };
  if (before === undefined) {
    const object: KubeObject = { ...applied, metadata: { ...applied.metadata, name } };
    if (namespace !== undefined) object.metadata = { ...object.metadata, namespace };
    const managedFields = closeManaged([own]);
    return { stored: createObject(context, resource, object, { dryRun, managedFields }), isNew: true };
  }
  const live = fieldsOf(before.object, schema, false);
  const others = othersOf(before.object, live, entry);
  const kept = contested(others, live, wanted, options.force ?? false);
  const merged = mergeApplied(copyOf(before.object), applied, schema) as KubeObject;
  const previous = openManaged(before.object.metadata?.managedFields).find((m) => isSame(m.entry, entry));
  for (const path of abandoned(previous, kept, wanted)) removeField(merged, path);
  const managedFields = inStep(before.object.metadata?.managedFields, closeManaged([...kept, own]));
  const update = { dryRun, managedFields, ...(subresource === undefined ? {} : { subresource }) };
  return { stored: updateObject(context, resource, before, merged, update), isNew: false };
}

const isSame = (a: ManagedFieldsEntry, b: ManagedFieldsEntry): boolean =>
  a.manager === b.manager && a.operation === b.operation && a.subresource === b.subresource;

/** An object that nobody kept account of belongs to "before-first-apply" (managedfields/internal/structuredmerge.go). */
function othersOf(before: KubeObject, live: Fields, entry: ManagedFieldsEntry): Managed[] {
  const known = openManaged(before.metadata?.managedFields);
  if (known.length > 0) return known.filter((m) => !isSame(m.entry, entry));
  const { time: _time, subresource: _subresource, ...rest } = entry;
  return [
    {
      entry: { ...rest, manager: "before-first-apply", operation: "Update" },
      fields: new Set([...live.keys()].filter((path) => !path.startsWith("f:status"))),
    },
  ];
}

/** The other managers, without the fields that are taken from them by force. */
function contested(others: readonly Managed[], live: Fields, wanted: Fields, force: boolean): Managed[] {
  const isTaken = (path: FieldPath): boolean =>
    wanted.has(path) && live.has(path) && !isEqual(live.get(path), wanted.get(path));
  const conflicts = others.flatMap(({ entry, fields }) =>
    [...fields].filter(isTaken).map((path) => ({ entry, path })),
  );
  if (conflicts.length > 0 && !force) throw applyConflict(conflicts);
  return others.map(({ entry, fields }) => ({
    entry,
    fields: new Set([...fields].filter((path) => !isTaken(path))),
  }));
}

/** What the manager wanted the last time and nobody wants now; an item of a list before its fields. */
function abandoned(previous: Managed | undefined, others: readonly Managed[], wanted: Fields): FieldPath[] {
  const isWanted = (path: FieldPath): boolean =>
    wanted.has(path) ||
    [...wanted.keys()].some((w) => w.startsWith(`${path}\n`)) ||
    others.some(({ fields }) => fields.has(path) || [...fields].some((f) => f.startsWith(`${path}\n`)));
  return [...(previous?.fields ?? [])]
    .filter((path) => !isWanted(path) && !isKeyOf(path, isWanted))
    .sort((a, b) => elementsOf(a).length - elementsOf(b).length);
}

/** An apply that changes nothing leaves the times as they are. */
function inStep(
  before: readonly ManagedFieldsEntry[] | undefined,
  after: ManagedFieldsEntry[],
): ManagedFieldsEntry[] {
  return after.map((entry) => {
    const old = before?.find((b) => isSame(b, entry));
    return old !== undefined && isEqual(old.fieldsV1, entry.fieldsV1) ? old : entry;
  });
}

/** A key by which an item that stays is found. */
function isKeyOf(path: FieldPath, isWanted: (path: FieldPath) => boolean): boolean {
  const elements = elementsOf(path);
  const field = elements.pop() ?? "";
  const item = elements.at(-1) ?? "";
  return item.startsWith("k:") && item.includes(`"${field.slice(2)}":`) && isWanted(elements.join("\n"));
}
