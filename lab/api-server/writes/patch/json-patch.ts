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
  const isSound = patch.every((o: unknown) => isObject(o) && isPath(o["path"]) && isPath(o["from"] ?? ""));
  const error = isSound
    ? applyPatch(result, copyOf(patch) as Operation[]).find((e) => e !== null)
    : new Error("a path is missing or leads out of the object");
  if (error === undefined || error === null) return result;
  throw failure(422, "Invalid", "the server rejected our request due to an error in our request", {
    causes: [{ reason: "UnexpectedServerResponse", message: `${error.name}: ${error.message}` }],
  });
}

/** The library takes what is no text apart in its own way, and steps over names that lead to prototypes. */
const isPath = (path: unknown): boolean =>
  typeof path === "string" && !/\/(?:__proto__|constructor|prototype)(?:\/|$)/.test(path);
