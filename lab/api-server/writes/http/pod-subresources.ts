import { type Answer, jsonAnswer } from "../../answer.ts";
import { badRequest, conflict } from "../../status.ts";
import { evict } from "../evict.ts";
import { objectOf } from "../json.ts";
import { patchObject } from "../patch/patch-object.ts";
import { existing } from "../write-context.ts";
import { readObject } from "./body.ts";
import { writeQuery } from "./options.ts";
import { optionsOf } from "./remove.ts";
import { notAllowed, placeOf, type WriteRequest } from "./write.ts";

const success = (): Answer =>
  jsonAnswer({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Success" }, 201);

/** POST pods/NAME/eviction, with an Eviction of policy/v1 or v1beta1. */
export function evictPod(all: WriteRequest): Answer {
  const { context, request, body } = all;
  if (request.verb !== "create") throw notAllowed(all);
  const eviction = readObject(request, body);
  const { dryRun } = writeQuery(request);
  evict(context, placeOf(all), optionsOf(objectOf(eviction["deleteOptions"]), request.query, dryRun));
  return success();
}

/** POST pods/NAME/binding: gives a pod its node, once. */
export function bindPod(all: WriteRequest): Answer {
  const { context, request, body } = all;
  if (request.verb !== "create") throw notAllowed(all);
  const { name: nodeName } = objectOf(readObject(request, body)["target"]);
  if (typeof nodeName !== "string" || nodeName === "") throw badRequest("target.name: Required value");
  const place = placeOf(all);
  const bound = objectOf(existing(context, place).object["spec"])["nodeName"];
  if (bound !== undefined)
    throw conflict(
      "pods/binding",
      "",
      place.name,
      `pod ${place.name} is already assigned to node "${String(bound)}"`,
    );
  const { dryRun, fieldManager } = writeQuery(request);
  const patch = { type: "merge", body: { spec: { nodeName } } } as const;
  patchObject(context, place, patch, { dryRun, fieldManager, subresource: "binding" });
  return success();
}
