import { negotiate } from "./accept.ts";
import { type Answer, jsonAnswer, piecesAnswer } from "./answer.ts";
import type { Cluster } from "./cluster.ts";
import { type Page, pageOf } from "./page.ts";
import { metadataOnly } from "./partial-metadata.ts";
import type { ApiRequest, ResourcePath } from "./request.ts";
import { checkRevision, selectionOf } from "./selection.ts";
import { apiVersionOf, type ServedResource } from "./served.ts";
import { objectNotFound } from "./status.ts";
import { itemJson, objectJson } from "./stored-object.ts";
import { tableOf } from "./table.ts";

export function getObject(
  cluster: Cluster,
  request: ApiRequest,
  served: ServedResource,
  path: ResourcePath,
): Answer {
  const shape = negotiate(request.accept);
  checkRevision(request.query.get("resourceVersion"), cluster.store.revision());
  const name = path.name ?? "";
  const stored = cluster.store.get(served.stored, name, path.namespace);
  if (stored === undefined) throw objectNotFound(served.plural, served.group, name);
  const includeObject = request.query.get("includeObject");
  if (shape === "table") return jsonAnswer(tableOf(cluster, served, [stored], { includeObject }));
  if (shape === "metadata") return jsonAnswer(metadataOnly(stored));
  return piecesAnswer([objectJson(stored, served), "\n"]);
}

export function listObjects(
  cluster: Cluster,
  request: ApiRequest,
  served: ServedResource,
  path: ResourcePath,
): Answer {
  const shape = negotiate(request.accept);
  const { query } = request;
  checkRevision(query.get("resourceVersion"), cluster.store.revision());
  const { items, metadata } = pageOf(cluster, served, path, selectionOf(query, served), query);
  const includeObject = query.get("includeObject");
  if (shape === "table")
    return jsonAnswer({ ...tableOf(cluster, served, items, { includeObject }), metadata });
  if (shape === "metadata") {
    const kind = "PartialObjectMetadataList";
    return jsonAnswer({ kind, apiVersion: "meta.k8s.io/v1", metadata, items: items.map(metadataOnly) });
  }
  return piecesAnswer(listPieces(served, { items, metadata }));
}

/** A list object by object, so that it is never one string. */
function* listPieces(served: ServedResource, { items, metadata }: Page): Iterable<string> {
  const head = { kind: `${served.kind}List`, apiVersion: apiVersionOf(served), metadata };
  yield `${JSON.stringify(head).slice(0, -1)},"items":[`;
  let comma = "";
  for (const item of items) {
    yield comma + itemJson(item, served);
    comma = ",";
  }
  yield "]}\n";
}
