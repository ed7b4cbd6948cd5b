import type { Cluster } from "./cluster.ts";
import { ageColumn, type Column, nameColumn } from "./columns/column.ts";
import { columnsOf } from "./columns/by-resource.ts";
import type { ServedResource } from "./served.ts";
import { objectJson, type StoredObject } from "./stored-object.ts";
import { metadataOnly } from "./partial-metadata.ts";

export interface TableOptions {
  /** None, Metadata (when absent) or Object. */
  readonly includeObject: string | null;
  /** Only the first table of a watch describes its columns. */
  readonly withoutDefinitions?: boolean;
}

/** The meta.k8s.io/v1 Table that `kubectl get` prints. */
export function tableOf(
  cluster: Cluster,
  served: ServedResource,
  items: readonly StoredObject[],
  options: TableOptions,
): object {
  const columns = columnsOf(served.stored) ?? [nameColumn, ageColumn];
  const nowMs = cluster.nowMs();
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata: { resourceVersion: String(items[0]?.revision ?? cluster.store.revision()) },
    columnDefinitions: options.withoutDefinitions === true ? [] : columns.map(definition),
    rows: items.map((stored) => ({
      cells: columns.map((column) => cellOf(column, stored, nowMs)),
      ...rowObject(stored, served, options.includeObject),
    })),
  };
}

const definition = ({ name, type, format, priority }: Column) => ({
  name,
  type,
  format: format ?? "",
  description: "",
  priority,
});

/** Evidence may hold objects no API server would have let in; they must not cost the rest of the table. */
function cellOf(column: Column, stored: StoredObject, nowMs: number): string | number {
  try {
    return column.cell(stored.object, nowMs);
  } catch {
    return "<invalid>";
  }
}

function rowObject(stored: StoredObject, served: ServedResource, include: string | null): object {
  if (include === "None") return {};
  if (include === "Object") return { object: JSON.parse(objectJson(stored, served)) };
  return { object: metadataOnly(stored) };
}
