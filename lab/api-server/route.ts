import { denialText, isDenied, resourceText } from "./access.ts";
import type { Answer } from "./answer.ts";
import type { Cluster } from "./cluster.ts";
import { discover, notFoundPage } from "./discovery.ts";
import { metrics } from "./metrics/serve-metrics.ts";
import { openApi } from "./openapi/serve-openapi.ts";
import { podLog } from "./pod-log.ts";
import { getObject, listObjects } from "./read.ts";
import type { ApiRequest, ResourcePath } from "./request.ts";
import { review } from "./review.ts";
import type { ServedResource } from "./served.ts";
import { forbidden, methodNotAllowed, qualified, resourceNotFound } from "./status.ts";
import { watchObjects } from "./watch.ts";
import { getScale } from "./writes/http/scale.ts";
import { write } from "./writes/http/write.ts";

/**
 * Answers one request.
 * @param body of a write or a review
 * @throws StatusError for every answer that is not a success
 */
export function route(cluster: Cluster, request: ApiRequest, body: Buffer): Answer {
  const path = request.resource;
  if (path !== undefined) {
    const reviewed = review(cluster, request, path, body);
    if (reviewed !== undefined) return reviewed;
  }
  const isRead = ["get", "list", "watch"].includes(request.verb);
  const { writes } = cluster;
  if (!isRead && (writes === undefined || path === undefined)) throw readOnly(request);
  if (path === undefined) {
    const discovered =
      discover(cluster, request.path, request.accept) ?? openApi(cluster, request.path, request.accept);
    if (discovered === undefined) throw notFoundPage();
    return discovered;
  }
  authorize(cluster, request, path);
  if (path.group === "metrics.k8s.io" && isRead) return metrics(cluster, request, path);
  const served = servedAt(cluster, path);
  return isRead || writes === undefined
    ? read(cluster, request, served, path)
    : write(cluster, writes.context, request, served, path, body);
}

/** @throws StatusError 403 */
export function authorize(cluster: Cluster, request: ApiRequest, path: ResourcePath): void {
  // One Namespace counts as inside itself, so that a Role there can allow it.
  const itself = path.resource === "namespaces" && path.name !== undefined ? { namespace: path.name } : {};
  const question = { ...path, ...itself, verb: request.verb };
  if (!isDenied(cluster.settings.denied, question)) return;
  const subject =
    path.name === undefined
      ? qualified(path.resource, path.group)
      : `${qualified(path.resource, path.group)} "${path.name}"`;
  const message = `${subject} is forbidden: ${denialText(request.impersonated ?? cluster.settings.user, question)}`;
  throw forbidden(message, path.resource, path.group, path.name);
}

function servedAt(cluster: Cluster, path: ResourcePath): ServedResource {
  const served = cluster
    .served()
    .find((s) => s.plural === path.resource && s.group === path.group && s.version === path.version);
  // A cluster-scoped resource has no path below a namespace; one object of a namespaced one has no other.
  const misplaced =
    served !== undefined &&
    (served.namespaced
      ? path.name !== undefined && path.namespace === undefined
      : path.namespace !== undefined);
  if (served === undefined || misplaced) throw resourceNotFound();
  return served;
}

function read(cluster: Cluster, request: ApiRequest, served: ServedResource, path: ResourcePath): Answer {
  if (path.subresource === "log" && served.plural === "pods") return podLog(cluster, request, path);
  if (path.subresource === "scale" && cluster.writes !== undefined) return getScale(cluster, served, path);
  if (path.subresource !== undefined && path.subresource !== "status") throw resourceNotFound();
  if (request.verb === "watch") return watchObjects(cluster, request, served, path);
  if (request.verb === "list") return listObjects(cluster, request, served, path);
  return getObject(cluster, request, served, path);
}

function readOnly(request: ApiRequest) {
  const what = request.resource === undefined ? request.path : resourceText(request.resource);
  return methodNotAllowed(`${request.verb} is not supported on ${what}: this cluster is read-only`);
}
