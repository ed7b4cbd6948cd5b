import { type Answer, jsonAnswer } from "../../answer.ts";
import type { Cluster } from "../../cluster.ts";
import type { ApiRequest, ResourcePath } from "../../request.ts";
import { hasStatus, type ServedResource } from "../../served.ts";
import { badRequest, methodNotAllowed, resourceNotFound } from "../../status.ts";
import { objectJson, type KubeObject, type StoredObject } from "../../stored-object.ts";
import { createObject } from "../create.ts";
import { decode } from "../decode.ts";
import { copyOf } from "../json.ts";
import { updateObject } from "../update.ts";
import { existing, type Place, type WriteContext } from "../write-context.ts";
import { readObject } from "./body.ts";
import { bindPod, evictPod } from "./pod-subresources.ts";
import { removeAll, removeOne } from "./remove.ts";
import { checkUnknown, warningHeader, writeQuery } from "./options.ts";
import { patchOne } from "./patch.ts";
import { writeScale } from "./scale.ts";

/** One write request, with all that its handlers look at. */
export interface WriteRequest {
  readonly cluster: Cluster;
  readonly context: WriteContext;
  readonly request: ApiRequest;
  readonly served: ServedResource;
  readonly path: ResourcePath;
  readonly body: Buffer;
}

/** The verbs that write: POST, PUT, PATCH, DELETE. */
export function write(
  cluster: Cluster,
  context: WriteContext,
  request: ApiRequest,
  served: ServedResource,
  path: ResourcePath,
  body: Buffer,
): Answer {
  const all: WriteRequest = { cluster, context, request, served, path, body };
  const { subresource } = path;
  if (subresource === "scale") return writeScale(all);
  if (served.plural === "pods" && subresource === "eviction") return evictPod(all);
  if (served.plural === "pods" && subresource === "binding") return bindPod(all);
  if (subresource !== undefined && (subresource !== "status" || !hasStatus(served.stored)))
    throw resourceNotFound();
  switch (request.verb) {
    case "update":
      return updateOne(all);
    case "patch":
      return patchOne(all);
    default:
      if (subresource !== undefined) throw notAllowed(all);
  }
  switch (request.verb) {
    case "create":
      return createOne(all);
    case "delete":
      return removeOne(all);
    case "deletecollection":
      return removeAll(all);
    default:
      throw notAllowed(all);
  }
}

export const notAllowed = ({ request }: WriteRequest) =>
  methodNotAllowed(`the server does not allow this method on the requested resource (${request.method})`);

export function placeOf({ served, path }: WriteRequest): Place {
  return { resource: served.stored, name: path.name ?? "", namespace: path.namespace };
}

export const objectAnswer = (
  stored: StoredObject,
  served: ServedResource,
  code: number,
  headers: Readonly<Record<string, string>> = {},
): Answer => ({
  code,
  contentType: "application/json",
  headers,
  body: [objectJson(stored, served), "\n"],
});

function createOne(all: WriteRequest): Answer {
  const { context, request, served, path } = all;
  if (path.name !== undefined) throw notAllowed(all);
  if (served.namespaced && path.namespace === undefined)
    throw badRequest("an empty namespace may not be set during creation");
  const query = writeQuery(request);
  const { object, unknown } = objectOf(all);
  checkUnknown(query, unknown);
  if (path.namespace !== undefined) {
    if ((object.metadata?.namespace ?? path.namespace) !== path.namespace)
      throw badRequest(
        "the namespace of the provided object does not match the namespace sent on the request",
      );
    object.metadata = { ...object.metadata, namespace: path.namespace };
  }
  const stored = createObject(context, served.stored, object, query);
  return objectAnswer(stored, served, 201, warningHeader(query, unknown));
}

function updateOne(all: WriteRequest): Answer {
  const { context, request, served, path } = all;
  if (path.name === undefined) throw notAllowed(all);
  const query = writeQuery(request);
  const { object, unknown } = objectOf(all);
  checkUnknown(query, unknown);
  const { dryRun, fieldManager } = query;
  const options = {
    dryRun,
    fieldManager,
    ...(path.subresource === "status" ? { subresource: "status" as const } : {}),
  };
  const stored = updateObject(context, served.stored, existing(context, placeOf(all)), object, options);
  return objectAnswer(stored, served, 200, warningHeader(query, unknown));
}

function objectOf({ request, served, body }: WriteRequest): { object: KubeObject; unknown: string[] } {
  const object = copyOf(readObject(request, body)) as KubeObject;
  if (object.kind === undefined) object.kind = served.kind;
  return { object, unknown: decode(served.stored, object) };
}

/** `kind: Status` of a deletion that is done. */
export const doneAnswer = ({ served }: WriteRequest, { name, object }: StoredObject): Answer =>
  jsonAnswer({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    details: {
      name,
      ...(served.group === "" ? {} : { group: served.group }),
      kind: served.plural,
      ...(object.metadata?.uid === undefined ? {} : { uid: object.metadata.uid }),
    },
  });
