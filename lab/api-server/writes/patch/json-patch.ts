import { applyPatch, type Operation } from "rfc6902";
import { badRequest, failure } from "../../status.ts";
import { copyOf, isObject } from "../json.ts";

/**
 * RFC 6902. The target is not changed.
 * @throws StatusError 400 when the patch is none, 422 when an operation cannot be done or a test fails
 */
export function jsonPatch(target: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch) || !patch.every((o) => isObject(o) && typeof o["op"] === "string"))
    throw badRequest(
      "error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch",
    );
  const result = copyOf(target);
  // A path that is not text would be taken apart by the library in its own way.
  const isSound = patch.every((o: unknown) => isObject(o) && typeof o["path"] === "string");
  const error = isSound
    ? applyPatch(result, copyOf(patch) as Operation[]).find((e) => e !== null)
    : new Error("missing path");
  if (error === undefined || error === null) return result;
  throw failure(422, "Invalid", "the server rejected our request due to an error in our request", {
    causes: [{ reason: "UnexpectedServerResponse", message: `${error.name}: ${error.message}` }],
  });
}
