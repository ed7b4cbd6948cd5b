import { negotiate, type Shape } from "./accept.ts";
import { type Answer, jsonAnswer, piecesAnswer } from "./answer.ts";
import type { Cluster } from "./cluster.ts";
import { readToken, writeToken } from "./continue-token.ts";
import { parseFieldSelector } from "./field-selector.ts";
import { parseLabelSelector } from "./label-selector.ts";
import type { ApiRequest, ResourcePath } from "./request.ts";
import { apiVersionOf, type ServedResource } from "./served.ts";
import { badRequest, expired, objectNotFound, resourceVersionTooLarge } from "./status.ts";
import { itemJson, objectJson, type StoredObject } from "./stored-object.ts";
import { metadataOnly } from "./partial-metadata.ts";
import { tableOf } from "./table.ts";

export function getObject(cluster: Cluster, request: ApiRequest, served: ServedResource, path: ResourcePath): Answer {
  const shape = negotiate(request.accept);
  const name = path.name ?? "";
  const stored = cluster.store.get(served.stored, name, path.namespace);
  if (stored === undefined) throw objectNotFound(served.plural, served.group, name);
  if (shape === "table")
    return jsonAnswer(tableOf(cluster, served, [stored], { includeObject: request.query.get("includeObject") }));
  if (shape === "metadata") return jsonAnswer(metadataOnly(stored));
  return piecesAnswer([objectJson(stored, served), "\n"]);
}

export type Selection = (stored: StoredObject) => boolean;

/** @throws StatusError 400 for a selector that does not parse */
export function selectionOf(query: URLSearchParams, served: ServedResource): Selection | undefined {
  const labels = query.get("labelSelector") ?? "";
  const fields = query.get("fieldSelector") ?? "";
  if (labels === "" && fields === "") return undefined;
  const byLabels = parseLabelSelector(labels);
  const byFields = parseFieldSelector(fields, served);
  return ({ object }) => byLabels(object.metadata?.labels) && byFields(object);
}

export function listObjects(cluster: Cluster, request: ApiRequest, served: ServedResource, path: ResourcePath): Answer {
  const shape = negotiate(request.accept);
  const { query } = request;
  checkRevision(query.get("resourceVersion"), cluster.store.revision());
  const selection = selectionOf(query, served);
  const all = cluster.store.list(served.stored, path.namespace);
  const page = onePage(cluster, all, selection, query);
  const metadata = {
    resourceVersion: String(page.revision),
    ...(page.token === undefined ? {} : { continue: page.token }),
    ...(page.remaining === undefined ? {} : { remainingItemCount: page.remaining }),
  };
  return shapedList(cluster, request, served, shape, page.items, metadata);
}

function shapedList(
  cluster: Cluster,
  request: ApiRequest,
  served: ServedResource,
  shape: Shape,
  items: readonly StoredObject[],
  metadata: object,
): Answer {
  if (shape === "table") {
    const includeObject = request.query.get("includeObject");
    return jsonAnswer({ ...tableOf(cluster, served, items, { includeObject }), metadata });
  }
  if (shape === "metadata") {
    const kind = "PartialObjectMetadataList";
    return jsonAnswer({ kind, apiVersion: "meta.k8s.io/v1", metadata, items: items.map(metadataOnly) });
  }
  return piecesAnswer(listPieces(served, items, metadata));
}

function* listPieces(served: ServedResource, items: readonly StoredObject[], metadata: object): Iterable<string> {
  const head = { kind: `${served.kind}List`, apiVersion: apiVersionOf(served), metadata };
  yield `${JSON.stringify(head).slice(0, -1)},"items":[`;
  let comma = "";
  for (const item of items) {
    yield comma + itemJson(item, served);
    comma = ",";
  }
  yield "]}\n";
}

interface Page {
  readonly items: readonly StoredObject[];
  readonly revision: number;
  readonly token?: string;
  readonly remaining?: number;
}

function onePage(
  cluster: Cluster,
  all: readonly StoredObject[],
  selection: Selection | undefined,
  query: URLSearchParams,
): Page {
  const limit = limitOf(query.get("limit"));
  const continued = query.get("continue") ?? "";
  const { from, revision } = continued === "" ? { from: 0, revision: cluster.store.revision() } : resume(cluster, all, continued);
  const items: StoredObject[] = [];
  let next = from;
  for (; next < all.length && items.length < limit; next += 1) {
    const stored = all[next];
    if (stored !== undefined && (selection === undefined || selection(stored))) items.push(stored);
  }
  const more = selection === undefined ? next < all.length : all.slice(next).some(selection);
  if (!more) return { items, revision };
  const token = writeToken({ revision, after: all[next - 1]?.key ?? "", issuedMs: cluster.nowMs() });
  // The count of the rest is not known to the server when a selector filters it.
  return selection === undefined ? { items, revision, token, remaining: all.length - next } : { items, revision, token };
}

/** Finds the place a token stands for; 410 with a token for the inconsistent rest when it is too old. */
function resume(cluster: Cluster, all: readonly StoredObject[], text: string): { from: number; revision: number } {
  const token = readToken(text);
  const now = cluster.store.revision();
  const isOld = cluster.nowMs() - token.issuedMs > cluster.settings.continueTokenTtlMs;
  if (token.revision !== -1 && (isOld || token.revision !== now)) {
    const inconsistent = writeToken({ ...token, revision: -1, issuedMs: cluster.nowMs() });
    throw expired(
      "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.",
      inconsistent,
    );
  }
  return { from: firstAfter(all, token.after), revision: token.revision === -1 ? now : token.revision };
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

/** @throws StatusError 400 when it is not a number, 504 when the cluster is not there yet */
export function checkRevision(text: string | null, current: number): void {
  if (text === null || text === "") return;
  const asked = Number(text);
  if (!Number.isInteger(asked) || asked < 0)
    throw badRequest(`resourceVersion: Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`);
  if (asked > current) throw resourceVersionTooLarge(asked, current);
}
