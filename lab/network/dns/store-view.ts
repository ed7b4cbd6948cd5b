import type { Service } from "kubernetes-types/core/v1";
import type { Store } from "../../api-server/store.ts";
import { slicesOf } from "../services/service-endpoints.ts";
import type { ZoneView } from "./zone.ts";

/** Names of the cluster as the store has them now. @param outside addresses of names outside, in lower case */
export const storeView = (store: Store, outside: ReadonlyMap<string, readonly string[]>): ZoneView => ({
  service: (namespace, name) => store.get("services", name, namespace)?.object as Service | undefined,
  slices: (namespace, service) => slicesOf(store, namespace, service),
  hasNamespace: (name) => store.get("namespaces", name) !== undefined,
  outside: (name) => outside.get(name),
});
