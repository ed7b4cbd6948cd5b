import { schemaOf } from "../../openapi/schema.ts";
import { badRequest, failure } from "../../status.ts";
import { type StoredResource } from "../../stored-kinds.ts";
import type { KubeObject, StoredObject } from "../../stored-object.ts";
import type { Patch } from "../../writes.ts";
import { decode } from "../decode.ts";
import { copyOf, isObject, type JsonObject } from "../json.ts";
import { updateObject, type UpdateOptions } from "../update.ts";
import { apiVersionOfResource, existing, type Place, type WriteContext } from "../write-context.ts";
import { storedKinds } from "../../stored-kinds.ts";
import { jsonPatch } from "./json-patch.ts";
import { mergePatch } from "./merge-patch.ts";
import { strategicPatch } from "./strategic-patch.ts";

export interface Patched {
  readonly stored: StoredObject;
  /** Fields of the result that its kind does not have. */
  readonly unknown: readonly string[];
}

/**
 * Patches (all but server-side apply) and updates.
 * @param check looks at the unknown fields before anything is written
 * @throws StatusError 400, 404, 409, 415, 422
 */
export function patchObject(
  context: WriteContext,
  place: Place,
  patch: Patch,
  options: UpdateOptions,
  check: (unknown: readonly string[]) => void = () => {},
): Patched {
  const stored = existing(context, place);
  const { kind } = storedKinds[place.resource];
  const target: JsonObject = {
    kind,
    apiVersion: apiVersionOfResource(place.resource),
    ...copyOf(stored.object),
  };
  const next = patched(place.resource, target, patch);
  if (!isObject(next)) throw badRequest("the patch does not leave an object");
  const object = copyOf(next) as KubeObject;
  const unknown = decode(place.resource, object);
  check(unknown);
  return { stored: updateObject(context, place.resource, stored, object, options), unknown };
}

function patched(resource: StoredResource, target: JsonObject, { type, body }: Patch): unknown {
  if (type === "json") return jsonPatch(target, body);
  if (!isObject(body)) throw badRequest("the patch is not an object");
  if (type === "merge") return mergePatch(target, body);
  const schema = schemaOf(resource);
  if (schema === undefined) throw unsupportedPatch(["json", "merge", "apply"]);
  return strategicPatch(target, body, schema);
}

const mediaTypesOfPatches = {
  json: "application/json-patch+json",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  apply: "application/apply-patch+yaml",
} as const;

/** 415, as kubernetes/apimachinery NewUnsupportedMediaType words it through the handlers of the API server. */
export const unsupportedPatch = (types: readonly Patch["type"][]) =>
  failure(
    415,
    "UnsupportedMediaType",
    `the body of the request was in an unknown format - accepted media types include: ${types.map((t) => mediaTypesOfPatches[t]).join(", ")}`,
  );

/** The patch that a Content-Type announces. */
export const patchTypeOf = (mediaType: string): Patch["type"] | undefined =>
  (["json", "merge", "strategic", "apply"] as const).find((type) => mediaTypesOfPatches[type] === mediaType);
