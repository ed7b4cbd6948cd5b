import type { Coverage } from "../../evidence/evidence.ts";
import type { KindMap, Resource } from "../../evidence/kinds.ts";
import type { Failure } from "./answer.ts";
import type { Api } from "./api.ts";
import type { Collection } from "./collection.ts";
import { getObject, listObjects, type ListRequest } from "./list.ts";
import type { Progress } from "./options.ts";
import { isObjectName } from "./paths.ts";

/** Calls on one side, evidence on the other: every read ends in objects and in a coverage entry. */
export interface Reader {
  readonly api: Api;
  readonly collection: Collection;
  readonly progress: Progress;
}

export interface ReadList<R extends Resource> {
  readonly objects: readonly KindMap[R][];
  /**
   * "whole": to the end. "more": the limit was reached; the caller narrows, or calls `cutShort`.
   * "failed": recorded as such.
   */
  readonly end: "whole" | "more" | "failed";
  readonly failure?: Failure;
}

/** Lists a whole namespace (or everything), up to `maxObjects`. A list that was read before is not read again. */
export async function readList<R extends Resource>(
  reader: Reader,
  request: Omit<ListRequest<R>, "labelSelector" | "fieldSelector">,
): Promise<ReadList<R>> {
  const { api, collection } = reader;
  const { resource, namespace } = request;
  if (collection.isWhole(resource, namespace)) {
    return { objects: collection.objects(resource, namespace), end: "whole" };
  }
  const listed = await listObjects(api, request);
  collection.add(resource, listed.objects);
  const isNotInstalled = isCustom(resource) && listed.failure?.kind === "not-found";
  if (listed.failure !== undefined && !isNotInstalled) {
    fail(reader, resource, namespace, listed.failure, listed.objects.length);
    return { objects: listed.objects, end: "failed", failure: listed.failure };
  }
  if (listed.more) return { objects: listed.objects, end: "more" };
  collection.cover({ resource, ...scope(namespace), extent: "whole" });
  return { objects: listed.objects, end: "whole" };
}

/** Lists what a label or field selector names; without a namespace, each namespace met is covered on its own. */
export async function readSelected<R extends Resource>(
  reader: Reader,
  request: ListRequest<R>,
): Promise<ReadList<R>> {
  const { api, collection } = reader;
  const { resource, namespace, labelSelector } = request;
  if (namespace !== undefined && collection.isWhole(resource, namespace)) {
    return { objects: collection.objects(resource, namespace), end: "whole" };
  }
  const listed = await listObjects(api, request);
  collection.add(resource, listed.objects);
  if (listed.failure !== undefined) {
    fail(reader, resource, namespace, listed.failure, listed.objects.length);
    return { objects: listed.objects, end: "failed", failure: listed.failure };
  }
  const selectors = labelSelector === undefined ? {} : { selectors: [labelSelector] };
  const met =
    namespace === undefined ? listed.objects.map((o) => o.metadata?.namespace ?? "default") : [namespace];
  for (const each of new Set(met)) {
    collection.cover({ resource, namespace: each, extent: "selected", ...selectors });
  }
  if (listed.more) cutShort(reader, resource, namespace, listed.objects.length);
  return { objects: listed.objects, end: listed.more ? "more" : "whole" };
}

/** One object by name. A name that no object can have is not asked for. */
export async function readObject<R extends Resource>(
  reader: Reader,
  resource: R,
  name: string,
  namespace?: string,
): Promise<KindMap[R] | undefined> {
  const { api, collection } = reader;
  const known = collection.find(resource, namespace, name);
  if (known !== undefined) {
    collection.coverNames(resource, namespace, [name]);
    return known;
  }
  if (!isObjectName(name) || (namespace !== undefined && !isObjectName(namespace))) return undefined;
  if (collection.isWhole(resource, namespace)) return undefined;
  const answer = await getObject(api, resource, name, namespace);
  if (!answer.ok) {
    collection.cover({ resource, ...scope(namespace), extent: "failed", reason: answer.failure.reason });
    return undefined;
  }
  if (answer.value !== undefined) collection.add(resource, [answer.value]);
  collection.coverNames(resource, namespace, [name]);
  return answer.value;
}

export async function readObjects<R extends Resource>(
  reader: Reader,
  resource: R,
  names: readonly string[],
  namespace?: string,
): Promise<readonly KindMap[R][]> {
  const read = await Promise.all(
    [...new Set(names)].map((name) => readObject(reader, resource, name, namespace)),
  );
  return read.filter((object) => object !== undefined);
}

/** Records that a list stops short and that nothing narrower stands in for the rest. */
export function cutShort(
  reader: Reader,
  resource: Resource,
  namespace: string | undefined,
  count: number,
): void {
  const where = namespace === undefined ? "all namespaces" : `namespace ${namespace}`;
  const why = `only the first ${count} were read`;
  reader.collection.lose(`${resource} of ${where}`, why);
  reader.collection.cover({ resource, ...scope(namespace), extent: "failed", reason: why });
}

/** A custom resource's list that is not found says that nobody installed it: there are none. */
const isCustom = (resource: Resource): boolean => resource === "rollouts";

function fail(
  reader: Reader,
  resource: Resource,
  namespace: string | undefined,
  failure: Failure,
  count: number,
): void {
  reader.collection.cover({ resource, ...scope(namespace), extent: "failed", reason: failure.reason });
  if (count > 0) reader.collection.lose(`${resource} after the first ${count}`, failure.reason);
}

const scope = (namespace: string | undefined): Pick<Coverage, "namespace"> =>
  namespace === undefined ? {} : { namespace };
