import type { Shape } from "./accept.ts";
import type { Cluster } from "./cluster.ts";
import { metadataOnly } from "./partial-metadata.ts";
import { apiVersionOf, type ServedResource } from "./served.ts";
import type { Status } from "./status.ts";
import { objectJson, type StoredObject } from "./stored-object.ts";
import { tableOf } from "./table.ts";

/** Words the events of one watch in the shape its client asked for. */
export interface WatchWriter {
  event(type: "ADDED" | "MODIFIED" | "DELETED", stored: StoredObject): string;
  bookmark(revision: number, endOfInitialEvents: boolean): string;
}

export const errorEvent = (status: Status): string =>
  `${JSON.stringify({ type: "ERROR", object: status })}\n`;

export function watchWriter(
  cluster: Cluster,
  served: ServedResource,
  shape: Shape,
  includeObject: string | null,
): WatchWriter {
  let tables = 0;
  const show = (stored: StoredObject): string => {
    if (shape === "object") return objectJson(stored, served);
    if (shape === "metadata") return JSON.stringify(metadataOnly(stored));
    tables += 1;
    return JSON.stringify(
      tableOf(cluster, served, [stored], { includeObject, withoutDefinitions: tables > 1 }),
    );
  };
  return {
    event: (type, stored) => `{"type":"${type}","object":${show(stored)}}\n`,
    bookmark: (revision, endOfInitialEvents) =>
      `${JSON.stringify({ type: "BOOKMARK", object: bookmarkObject(served, revision, endOfInitialEvents) })}\n`,
  };
}

function bookmarkObject(served: ServedResource, revision: number, endOfInitialEvents: boolean): object {
  const annotations = endOfInitialEvents ? { annotations: { "k8s.io/initial-events-end": "true" } } : {};
  return {
    kind: served.kind,
    apiVersion: apiVersionOf(served),
    metadata: { resourceVersion: String(revision), creationTimestamp: null, ...annotations },
  };
}
