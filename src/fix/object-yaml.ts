import { stringify } from "yaml";
import { isObject, type JsonObject } from "../base/json-value.ts";

/** What the API server keeps about an object beside what people write. */
const bookkeeping = new Set([
  "managedFields",
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "selfLink",
]);

/** The part of an object that people write: without status and without the server's bookkeeping. */
export function writtenPart(object: JsonObject): JsonObject {
  const { status: _, metadata, ...rest } = object;
  if (!isObject(metadata)) return rest;
  const own = Object.fromEntries(Object.entries(metadata).filter(([name]) => !bookkeeping.has(name)));
  const { apiVersion, kind, ...body } = rest;
  return {
    ...(apiVersion === undefined ? {} : { apiVersion }),
    ...(kind === undefined ? {} : { kind }),
    metadata: own,
    ...body,
  };
}

/** Its YAML, one line each; long strings stay on one line, so that a changed one is one changed line. */
export const yamlLines = (object: JsonObject): string[] =>
  stringify(writtenPart(object), { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd().split("\n");
