import { type Answer, jsonAnswer } from "../../answer.ts";
import type { Cluster } from "../../cluster.ts";
import { scalable } from "../../discovered.ts";
import type { ResourcePath } from "../../request.ts";
import type { ServedResource } from "../../served.ts";
import { badRequest, objectNotFound, resourceNotFound } from "../../status.ts";
import type { KubeObject, StoredObject } from "../../stored-object.ts";
import { invalidKind, invalidValue } from "../field-error.ts";
import { copyOf, isObject, type JsonObject, objectOf, objectsOf } from "../json.ts";
import { jsonPatch } from "../patch/json-patch.ts";
import { mergePatch } from "../patch/merge-patch.ts";
import { patchTypeOf, unsupportedPatch } from "../patch/patch-object.ts";
import { updateObject } from "../update.ts";
import { existing } from "../write-context.ts";
import { readJson, readObject } from "./body.ts";
import { writeQuery } from "./options.ts";
import { notAllowed, placeOf, type WriteRequest } from "./write.ts";

/** GET of the autoscaling/v1 Scale of a workload. */
export function getScale({ store }: Cluster, served: ServedResource, path: ResourcePath): Answer {
  if (!scalable.includes(served.stored)) throw resourceNotFound();
  const stored = store.get(served.stored, path.name ?? "", path.namespace);
  if (stored === undefined) throw objectNotFound(served.plural, served.group, path.name ?? "");
  return jsonAnswer(scaleOf(stored));
}

/** PUT and PATCH of it: only spec.replicas counts. */
export function writeScale(all: WriteRequest): Answer {
  const { context, request, served, path } = all;
  if (!scalable.includes(served.stored)) throw resourceNotFound();
  if (request.verb !== "update" && request.verb !== "patch") throw notAllowed(all);
  const stored = existing(context, placeOf(all));
  const scale =
    request.verb === "update" ? readObject(request, all.body) : patchedScale(all, scaleOf(stored));
  const replicas = objectOf(scale["spec"])["replicas"] ?? 0;
  if (typeof replicas !== "number" || !Number.isInteger(replicas))
    throw badRequest("spec.replicas of a Scale must be a whole number");
  if (replicas < 0)
    throw invalidKind("Scale", "autoscaling", path.name ?? "", [
      invalidValue("spec.replicas", replicas, "must be greater than or equal to 0"),
    ]);
  const { resourceVersion } = objectOf(scale["metadata"]);
  const next = copyOf(stored.object);
  next["spec"] = { ...objectOf(next["spec"]), replicas };
  next.metadata = {
    ...next.metadata,
    ...(typeof resourceVersion === "string" ? { resourceVersion } : {}),
  };
  const { dryRun, fieldManager } = writeQuery(request);
  const options = { dryRun, fieldManager, subresource: "scale" } as const;
  return jsonAnswer(scaleOf(updateObject(context, served.stored, stored, next, options)));
}

function patchedScale({ request, body }: WriteRequest, scale: JsonObject): JsonObject {
  const type = patchTypeOf(request.contentType ?? "");
  const patch = readJson(body);
  // A Scale has no lists that merge: strategic is merge here.
  const patched =
    type === "json"
      ? jsonPatch(scale, patch)
      : type === "merge" || type === "strategic"
        ? mergePatch(scale, patch)
        : undefined;
  if (patched === undefined) throw unsupportedPatch(["json", "merge", "strategic"]);
  if (!isObject(patched)) throw badRequest("the patch does not leave an object");
  return patched;
}

function scaleOf({ object, name, namespace }: StoredObject): JsonObject {
  const { uid, resourceVersion, creationTimestamp } = object.metadata ?? {};
  const spec = objectOf(object["spec"]);
  return copyOf({
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: spec["replicas"] ?? 0 },
    status: { replicas: objectOf(object["status"])["replicas"] ?? 0, selector: selectorText(object) },
  });
}

/** A selector in the text form that lists take: "app=web,tier in (a,b)". */
function selectorText(object: KubeObject): string {
  const selector = objectOf(objectOf(object["spec"])["selector"]);
  const { matchLabels, matchExpressions } = selector;
  const plain =
    matchLabels === undefined && matchExpressions === undefined ? selector : objectOf(matchLabels);
  const equal = Object.entries(plain).map(([name, value]) => `${name}=${String(value)}`);
  const others = objectsOf(matchExpressions).map(({ key, operator, values }) => {
    const list = Array.isArray(values) ? ` (${values.join(",")})` : "";
    if (operator === "Exists") return String(key);
    return operator === "DoesNotExist"
      ? `!${String(key)}`
      : `${String(key)} ${String(operator).toLowerCase()}${list}`;
  });
  return [...equal, ...others].join(",");
}
