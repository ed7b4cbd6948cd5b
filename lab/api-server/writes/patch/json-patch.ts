import { applyPatch, type Operation, Pointer } from "rfc6902";
import { isUnsafeName } from "../../../../src/base/json-value.ts";
import { badRequest, failure } from "../../status.ts";
import { copyOf, isObject, type JsonObject } from "../json.ts";

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
  for (const operation of copyOf(patch) as JsonObject[]) {
    const message = problemOf(result, operation);
    if (message !== undefined)
      throw failure(422, "Invalid", "the server rejected our request due to an error in our request", {
        causes: [{ reason: "UnexpectedServerResponse", message }],
      });
  }
  return result;
}

/** Does one operation; what is said when it cannot be done. */
function problemOf(target: unknown, operation: JsonObject): string | undefined {
  const { op, path, from = "" } = operation;
  const isSound = isInside(target, path, op !== "replace") && isInside(target, from, false);
  if (!isSound) return `${String(op)} operation does not apply: a path is missing or leads out of the object`;
  const [error] = applyPatch(target, [operation as unknown as Operation]);
  return error === undefined || error === null ? undefined : `${error.name}: ${error.message}`;
}

const index = /^(?:0|[1-9]\d*)$/;

/** Whether a path stays in objects and lists: the library also sets what belongs to texts, to lists beside their items, and to prototypes. */
function isInside(target: unknown, path: unknown, mayEndBehind: boolean): boolean {
  if (typeof path !== "string" || !/^(?:\/|$)/.test(path)) return false;
  const names = Pointer.fromJSON(path).tokens.slice(1);
  let parent = target;
  for (const [depth, name] of names.entries()) {
    const isBehind = mayEndBehind && name === "-" && depth === names.length - 1;
    if (Array.isArray(parent) ? !isBehind && !index.test(name) : !isMember(parent, name)) return false;
    parent = (parent as JsonObject)[name];
  }
  return true;
}

/** Of an object, there or not yet. */
const isMember = (parent: unknown, name: string): boolean =>
  isObject(parent) && (Object.hasOwn(parent, name) || !(name in parent)) && !isUnsafeName(name);
