import type { ObjectMeta } from "kubernetes-types/meta/v1";

interface WithMeta {
  readonly metadata?: ObjectMeta;
}

const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

/**
 * The object without what repeats it: the last applied configuration, and the field ownership records
 * (a third of a list of pods). Of those, who edited the spec last and when is kept.
 */
export function trimObject<T extends WithMeta>(object: T): T {
  const { metadata } = object;
  if (metadata === undefined) return object;
  const hasFields = metadata.managedFields !== undefined;
  const hasApplied = metadata.annotations?.[lastApplied] !== undefined;
  if (!hasFields && !hasApplied) return object;
  const { managedFields, ...rest } = metadata;
  const edits = hasFields ? lastSpecEdit(managedFields) : [];
  return {
    ...object,
    metadata: {
      ...rest,
      ...(hasApplied ? { annotations: withoutLastApplied(metadata.annotations) } : {}),
      ...(edits.length > 0 ? { managedFields: edits } : {}),
    },
  };
}

function withoutLastApplied(
  annotations: Readonly<Record<string, string>> | undefined,
): Record<string, string> {
  return Object.fromEntries(Object.entries(annotations ?? {}).filter(([key]) => key !== lastApplied));
}

type ManagedFields = NonNullable<ObjectMeta["managedFields"]>;

/** Entries of the status subresource are the controllers' bookkeeping, written every few minutes. */
function lastSpecEdit(entries: ManagedFields | undefined): ManagedFields {
  let newest: ManagedFields[number] | undefined;
  for (const entry of entries ?? []) {
    if (entry.subresource !== undefined || typeof entry.time !== "string") continue;
    if (newest?.time === undefined || Date.parse(entry.time) > Date.parse(newest.time)) newest = entry;
  }
  if (newest === undefined) return [];
  const { manager, operation, time } = newest;
  return [
    {
      ...(manager === undefined ? {} : { manager }),
      ...(operation === undefined ? {} : { operation }),
      ...(time === undefined ? {} : { time }),
    },
  ];
}
