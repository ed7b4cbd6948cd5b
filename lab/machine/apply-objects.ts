import { resourceOf } from "../../src/evidence/kinds.ts";
import type { KubeObject } from "../api-server/stored-object.ts";
import type { Writes } from "../api-server/writes.ts";

/**
 * Applies objects as `kubectl apply --server-side` does, in order; returns their number.
 * @throws Error for a kind the lab does not keep, StatusError for what the API server refuses
 */
export function applyObjects(writes: Writes, objects: readonly KubeObject[]): number {
  for (const object of objects) {
    const resource = resourceOf(object.kind ?? "", object.apiVersion);
    const name = object.metadata?.name;
    if (resource === undefined || name === undefined)
      throw new Error(`the lab keeps no ${object.apiVersion} ${object.kind} ${name ?? "without a name"}`);
    const namespace = object.metadata?.namespace;
    writes.patch(
      resource,
      name,
      namespace,
      { type: "apply", body: object },
      { fieldManager: "lab", force: true },
    );
  }
  return objects.length;
}
