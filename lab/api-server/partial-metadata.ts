import type { StoredObject } from "./stored-object.ts";

/** What metadata-only clients ask for: an object without spec and status. */
export const metadataOnly = (stored: StoredObject): object => ({
  kind: "PartialObjectMetadata",
  apiVersion: "meta.k8s.io/v1",
  metadata: stored.object.metadata,
});
