import { negotiate } from "./accept.ts";
import type { Answer, Outlet } from "./answer.ts";
import type { Change } from "./change-history.ts";
import type { Cluster } from "./cluster.ts";
import { checkRevision, selectionOf } from "./selection.ts";
import { type ApiRequest, isTrue, type ResourcePath } from "./request.ts";
import type { ServedResource } from "./served.ts";
import { badRequest, expired } from "./status.ts";
import type { StoredObject } from "./stored-object.ts";
import { errorEvent, type WatchWriter, watchWriter } from "./watch-writer.ts";

/** How often a client that asked for bookmarks gets one; a real server sends about one a minute. */
const bookmarkEveryMs = 60_000;

interface Watch {
  readonly cluster: Cluster;
  readonly writer: WatchWriter;
  readonly served: ServedResource;
  readonly matches: (object: StoredObject) => boolean;
  readonly bookmarks: boolean;
  readonly timeoutMs: number | undefined;
}

/**
 * Events since a resourceVersion (or the whole state, when none is given), then changes until the client or its
 * timeout ends it.
 */
export function watchObjects(
  cluster: Cluster,
  request: ApiRequest,
  served: ServedResource,
  path: ResourcePath,
): Answer {
  const { query } = request;
  const selection = selectionOf(query, served);
  const watch: Watch = {
    cluster,
    served,
    writer: watchWriter(cluster, served, negotiate(request.accept), query.get("includeObject")),
    matches: (object) =>
      (path.namespace === undefined || object.namespace === path.namespace) &&
      (path.name === undefined || object.name === path.name) &&
      (selection === undefined || selection(object)),
    bookmarks: isTrue(query.get("allowWatchBookmarks") ?? "false"),
    timeoutMs: timeoutOf(query.get("timeoutSeconds")),
  };
  const from = query.get("resourceVersion") ?? "";
  checkRevision(from, cluster.store.revision());
  const body = initialEvents(watch, from, isTrue(query.get("sendInitialEvents") ?? "false"), path);
  // Too old a start is told inside the stream (kubernetes/apiserver pkg/storage/cacher, newErrWatcher).
  if (body === undefined) {
    const { status } = expired(`too old resource version: ${from} (${cluster.store.revision()})`);
    return { code: 200, contentType: "application/json", body: [errorEvent(status)] };
  }
  const sent = cluster.store.revision();
  return { code: 200, contentType: "application/json", body, hold: (outlet) => follow(watch, sent, outlet) };
}

function initialEvents(
  watch: Watch,
  from: string,
  sendInitial: boolean,
  path: ResourcePath,
): string[] | undefined {
  const { store } = watch.cluster;
  if (from !== "" && from !== "0" && !sendInitial)
    return store.changesSince(Number(from))?.flatMap((change) => eventsOf(watch, change));
  const added = store
    .list(watch.served.stored, path.namespace)
    .filter(watch.matches)
    .map((object) => watch.writer.event("ADDED", object));
  return sendInitial ? [...added, watch.writer.bookmark(store.revision(), true)] : added;
}

/** With a selector, an object that begins or ceases to match is added or deleted for this client. */
function eventsOf(watch: Watch, change: Change): string[] {
  if (change.resource !== watch.served.stored) return [];
  const isMatch = change.type !== "DELETED" && watch.matches(change.object);
  const wasMatch = change.before !== undefined && watch.matches(change.before);
  if (isMatch) return [watch.writer.event(wasMatch ? "MODIFIED" : "ADDED", change.object)];
  return wasMatch ? [watch.writer.event("DELETED", change.object)] : [];
}

function follow(watch: Watch, sentRevision: number, outlet: Outlet): void {
  const { store } = watch.cluster;
  const send = (change: Change): void => {
    for (const event of eventsOf(watch, change)) outlet.write(event);
  };
  const sendBookmark = (): void => {
    if (watch.bookmarks) outlet.write(watch.writer.bookmark(store.revision(), false));
  };
  const unsubscribe = store.subscribe(send);
  for (const change of store.changesSince(sentRevision) ?? []) send(change);
  const ticking = setInterval(sendBookmark, bookmarkEveryMs);
  const ending =
    watch.timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          // A last bookmark lets the client resume where it stands.
          sendBookmark();
          outlet.end();
        }, watch.timeoutMs);
  outlet.onClose(() => {
    unsubscribe();
    clearInterval(ticking);
    clearTimeout(ending);
  });
}

function timeoutOf(text: string | null): number | undefined {
  if (text === null || text === "" || text === "0") return undefined;
  const seconds = Number(text);
  if (!Number.isInteger(seconds) || seconds < 0) throw badRequest(`invalid timeoutSeconds: "${text}"`);
  return seconds * 1000;
}
