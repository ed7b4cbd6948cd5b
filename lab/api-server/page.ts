import type { Cluster } from "./cluster.ts";
import { readToken, writeToken } from "./continue-token.ts";
import type { ResourcePath } from "./request.ts";
import type { Selection } from "./selection.ts";
import type { ServedResource } from "./served.ts";
import { badRequest, expired } from "./status.ts";
import type { StoredObject } from "./stored-object.ts";

/** One page of a list, with the metadata that tells how to get the next. */
export interface Page {
  readonly items: readonly StoredObject[];
  readonly metadata: {
    readonly resourceVersion: string;
    readonly continue?: string;
    readonly remainingItemCount?: number;
  };
}

interface Start {
  /** The list as of `revision`. */
  readonly all: readonly StoredObject[];
  readonly from: number;
  readonly revision: number;
}

/** @throws StatusError 400 for a bad limit or token, 410 for a token that is too old */
export function pageOf(
  cluster: Cluster,
  served: ServedResource,
  path: ResourcePath,
  selection: Selection | undefined,
  query: URLSearchParams,
): Page {
  const limit = limitOf(query.get("limit"));
  const token = query.get("continue") ?? "";
  const { all, from, revision } =
    token === "" ? start(cluster, served, path) : resume(cluster, served, path, token);
  const items: StoredObject[] = [];
  let next = from;
  for (; next < all.length && items.length < limit; next += 1) {
    const stored = all[next];
    if (stored !== undefined && (selection === undefined || selection(stored))) items.push(stored);
  }
  const resourceVersion = String(revision);
  if (!hasMore(all, next, selection)) return { items, metadata: { resourceVersion } };
  const metadata = {
    resourceVersion,
    continue: writeToken({ revision, after: all[next - 1]?.key ?? "", issuedMs: cluster.nowMs() }),
    // A server that filters does not know how many of the rest would pass.
    ...(selection === undefined ? { remainingItemCount: all.length - next } : {}),
  };
  return { items, metadata };
}

function hasMore(all: readonly StoredObject[], next: number, selection: Selection | undefined): boolean {
  if (selection === undefined) return next < all.length;
  for (let index = next; index < all.length; index += 1) {
    const stored = all[index];
    if (stored !== undefined && selection(stored)) return true;
  }
  return false;
}

const start = (cluster: Cluster, served: ServedResource, path: ResourcePath): Start => ({
  all: cluster.store.list(served.stored, path.namespace),
  from: 0,
  revision: cluster.store.revision(),
});

/** The wording of kubernetes/apiserver pkg/storage/etcd3/errors.go; kubectl shows it. */
const tooOld =
  "The provided continue parameter is too old to display a consistent list result. You can start a new list without " +
  "the continue parameter, or use the continue token in this response to retrieve the remainder of the results. " +
  "Continuing with the provided token results in an inconsistent list - objects that were created, modified, or " +
  "deleted between the time the first chunk was returned and now may show up in the list.";

/** Takes up a list where its token left it, in the state it began with. */
function resume(cluster: Cluster, served: ServedResource, path: ResourcePath, text: string): Start {
  const token = readToken(text);
  const { store, settings } = cluster;
  if (token.revision === -1) {
    const all = store.list(served.stored, path.namespace);
    return { all, from: firstAfter(all, token.after), revision: store.revision() };
  }
  const isOld = cluster.nowMs() - token.issuedMs > settings.continueTokenTtlMs;
  const all = isOld ? undefined : store.listAt(token.revision, served.stored, path.namespace);
  // The rest can still be had from the state of now: revision -1 says so.
  if (all === undefined)
    throw expired(tooOld, writeToken({ ...token, revision: -1, issuedMs: cluster.nowMs() }));
  return { all, from: firstAfter(all, token.after), revision: token.revision };
}

function firstAfter(all: readonly StoredObject[], key: string): number {
  let low = 0;
  let high = all.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((all[middle]?.key ?? "") <= key) low = middle + 1;
    else high = middle;
  }
  return low;
}

function limitOf(text: string | null): number {
  if (text === null || text === "" || text === "0") return Infinity;
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 0) throw badRequest(`invalid limit: "${text}"`);
  return limit;
}
