import type { Limits } from "../../base/limits.ts";
import type { Resource } from "../../evidence/kinds.ts";
import type { Gathered, Place } from "./gathered.ts";
import { isMap, type JsonMap, listOf, textOf } from "./json-value.ts";
import { parseDocuments } from "./parse-documents.ts";
import type { SourceFile } from "./source-tree.ts";

/** What reading one file of objects gave. */
export interface FileReading {
  /** Objects taken, by resource. */
  readonly taken: ReadonlyMap<Resource, number>;
  /** The file is one list of one resource (a PodList), with or without items: it says what there is. */
  readonly listOf?: string;
  /** Every value the file holds was neither an object nor a list of objects. */
  readonly isOther: boolean;
  readonly problem?: string;
  readonly unread?: string;
}

/** Reads a file of Kubernetes objects (objects, Lists, bare arrays, several documents) into `gathered`. */
export function takeFile(
  file: SourceFile,
  gathered: Gathered,
  limits: Limits,
  place: Omit<Place, "file"> = {},
): FileReading {
  const content = file.read();
  const taken = new Map<Resource, number>();
  if (content.bytes === undefined)
    return { taken, isOther: false, problem: content.problem ?? "it could not be read" };
  const documents = parseDocuments(content.bytes, file.path, limits);
  const problem = content.problem ?? documents.problem;
  let kind: string | undefined;
  let isOther = documents.values.length > 0;
  for (const value of documents.values) {
    if (isList(value)) kind = textOf((value as JsonMap)["kind"]) ?? kind;
    for (const object of objectsOf(value)) {
      isOther = isOther && object["kind"] === undefined && place.resource === undefined;
      const resource = gathered.add(object, { ...place, file: file.path });
      if (resource !== undefined) taken.set(resource, (taken.get(resource) ?? 0) + 1);
    }
    if (isList(value)) isOther = false;
  }
  return {
    taken,
    isOther,
    ...(kind === undefined ? {} : { listOf: kind }),
    ...(problem === undefined ? {} : { problem }),
    ...(problem !== undefined && documents.unread !== undefined ? { unread: documents.unread } : {}),
  };
}

const isList = (value: unknown): boolean =>
  isMap(value) &&
  textOf(value["kind"])?.endsWith("List") === true &&
  (value["items"] === undefined || value["items"] === null || Array.isArray(value["items"]));

/** Lists do not nest in real files; in hostile ones they nest until the stack ends. */
const maxNesting = 4;

/** The objects of a value: itself, its items (which a typed list leaves without a kind), or the elements of an array. */
export function objectsOf(value: unknown, nesting = 0): JsonMap[] {
  if (nesting > maxNesting) return [];
  if (Array.isArray(value)) return value.flatMap((item) => objectsOf(item, nesting + 1));
  if (!isMap(value)) return [];
  if (!isList(value) && !(Array.isArray(value["items"]) && value["kind"] === undefined)) return [value];
  const kind = textOf(value["kind"])?.replace(/List$/, "") ?? "";
  return listOf(value["items"])
    .filter(isMap)
    .flatMap((item) => {
      if (item["kind"] !== undefined) return objectsOf(item, nesting + 1);
      return kind === ""
        ? [item]
        : [{ ...item, kind, apiVersion: item["apiVersion"] ?? value["apiVersion"] }];
    });
}
