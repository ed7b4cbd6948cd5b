import type { Answer } from "../../answer.ts";
import { failure } from "../../status.ts";
import type { KubeObject } from "../../stored-object.ts";
import { applyObject } from "../apply/apply-object.ts";
import { decode } from "../decode.ts";
import { invalidObject, invalidValue } from "../field-error.ts";
import { copyOf, isObject } from "../json.ts";
import { patchObject, patchTypeOf, unsupportedPatch } from "../patch/patch-object.ts";
import { apiVersionOfResource } from "../write-context.ts";
import { readJson, readYaml } from "./body.ts";
import { checkUnknown, warningHeader, writeQuery } from "./options.ts";
import { notAllowed, objectAnswer, placeOf, type WriteRequest } from "./write.ts";

/** PATCH of an object or its status, by the type that its Content-Type names. */
export function patchOne(all: WriteRequest): Answer {
  const { context, request, served, path, body } = all;
  if (path.name === undefined) throw notAllowed(all);
  const query = writeQuery(request);
  const type = patchTypeOf(request.contentType ?? "");
  if (type === undefined) throw unsupportedPatch(["json", "merge", "strategic", "apply"]);
  if (type === "apply") return applyOne(all);
  const { dryRun, fieldManager } = query;
  const options = {
    dryRun,
    fieldManager,
    ...(path.subresource === "status" ? { subresource: "status" as const } : {}),
  };
  const patch = { type, body: readJson(body) };
  const { stored, unknown } = patchObject(context, placeOf(all), patch, options, (fields) =>
    checkUnknown(query, fields, (text) =>
      invalidObject(served.stored, path.name ?? "", [invalidValue("patch", body.toString("utf8"), text)]),
    ),
  );
  return objectAnswer(stored, served, 200, warningHeader(query, unknown));
}

function applyOne(all: WriteRequest): Answer {
  const { context, request, served, path, body } = all;
  const parsed = readYaml(body);
  const applied = copyOf(isObject(parsed) ? parsed : {}) as KubeObject;
  const [unknown] = decode(served.stored, applied);
  if (unknown !== undefined) {
    const subject = `${path.namespace === undefined ? "" : `${path.namespace}/`}${path.name}`;
    const kind = `${apiVersionOfResource(served.stored)}, Kind=${served.kind}`;
    throw failure(
      500,
      "InternalError",
      `failed to create typed patch object (${subject}; ${kind}): .${unknown}: field not declared in schema`,
    );
  }
  const { dryRun, force } = writeQuery(request);
  const { stored, isNew } = applyObject(context, placeOf(all), applied, {
    dryRun,
    force,
    // Not the User-Agent: an apply must name its manager.
    fieldManager: request.query.get("fieldManager") ?? "",
    ...(path.subresource === "status" ? { subresource: "status" as const } : {}),
  });
  return objectAnswer(stored, served, isNew ? 201 : 200);
}
