import { isObject, type JsonObject } from "../../base/json-value.ts";
import { pointerParts } from "../json-patch.ts";
import type { Place } from "./edit-yaml.ts";

/** What tells an item of a list from the others, strongest first. */
const identities = ["name", "containerPort", "port", "host", "path", "mountPath"] as const;

/**
 * Where a field of an object in the cluster stands in its manifest: lists may be in another order there, or lack what
 * others have added. Undefined when an item cannot be told.
 */
export function placeIn(manifest: JsonObject, live: JsonObject, pointer: string): Place | undefined {
  const place: (string | number)[] = [];
  let there: unknown = live;
  let here: unknown = manifest;
  for (const part of pointerParts(pointer)) {
    if (Array.isArray(there)) {
      const index: number = indexIn(here, there, Number(part));
      if (index < 0) return undefined;
      place.push(index);
      there = there[Number(part)];
      here = (here as readonly unknown[])[index];
    } else {
      place.push(part);
      there = isObject(there) ? there[part] : undefined;
      here = isObject(here) ? here[part] : undefined;
    }
  }
  return place;
}

function indexIn(here: unknown, there: readonly unknown[], index: number): number {
  if (!Array.isArray(here)) return -1;
  const wanted = there[index];
  const key = isObject(wanted)
    ? identities.find((name) => wanted[name] !== undefined && isSingle(there, name, wanted[name]))
    : undefined;
  if (key !== undefined && isObject(wanted) && here.some((item) => isObject(item) && item[key] !== undefined))
    return here.findIndex((item) => isObject(item) && item[key] === wanted[key]);
  return here.length === there.length ? index : -1;
}

const isSingle = (list: readonly unknown[], name: string, value: unknown): boolean =>
  list.filter((item) => isObject(item) && item[name] === value).length === 1;
