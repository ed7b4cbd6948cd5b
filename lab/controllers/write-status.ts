import { isDeepStrictEqual } from "node:util";
import type { StoredResource } from "../api-server/stored-kinds.ts";
import type { Machine } from "../machine/machine.ts";
import { namespaceOf, nameOf, type Owned } from "./objects.ts";

/** Writes a whole status, unless it is what the object has: a write that changes nothing would wake every watcher. */
export function writeStatus(
  machine: Machine,
  resource: StoredResource,
  object: Owned & { readonly status?: object },
  status: object,
): void {
  if (isDeepStrictEqual(plain(object.status ?? {}), plain(status))) return;
  machine.writes.updateStatus(resource, nameOf(object), namespaceOf(object), () => plain(status));
}

/** Without undefined fields, as it will be stored. */
const plain = (status: object): Record<string, unknown> =>
  JSON.parse(JSON.stringify(status)) as Record<string, unknown>;
