import type { Limits } from "../../../base/limits.ts";
import {
  type Change,
  type ChangeRecord,
  type WatchedList,
  watchedResources,
} from "../../../evidence/change-record.ts";
import type { Loss } from "../../../evidence/evidence.ts";
import { changesName } from "../../../evidence/bundle-format.ts";
import { type JsonMap, mapOf, mapsOf, textOf } from "../json-value.ts";
import { parseDocuments } from "../parse-documents.ts";
import { shaped } from "../shape.ts";
import type { SourceFile } from "../source-tree.ts";

/** The record of changes in a bundle of ours; what of it cannot be one is left out, and said. */
export function readChanges(file: SourceFile, limits: Limits, losses: Loss[]): ChangeRecord | undefined {
  const content = file.read();
  const documents =
    content.bytes === undefined ? { values: [] } : parseDocuments(content.bytes, changesName, limits);
  const problem = content.problem ?? documents.problem;
  if (problem !== undefined) losses.push({ what: changesName, why: problem });
  const record = mapOf(documents.values[0]);
  const fromMs = numberOf(record["fromMs"]);
  const toMs = numberOf(record["toMs"]);
  if (fromMs === undefined || toMs === undefined) {
    if (problem === undefined) losses.push({ what: changesName, why: "it is no record of changes" });
    return undefined;
  }
  const told = mapsOf(record["changes"]);
  const changes = told.flatMap((change) => changeOf(change, limits.depth));
  if (changes.length < told.length)
    losses.push({ what: changesName, why: `${told.length - changes.length} entries are no changes` });
  return {
    fromMs,
    toMs,
    skewMs: numberOf(record["skewMs"]) ?? 0,
    watched: mapsOf(record["watched"]).flatMap(watchedOf),
    changes,
    dropped: numberOf(record["dropped"]) ?? 0,
  };
}

const types = ["listed", "added", "modified", "deleted"] as const;

function changeOf(change: JsonMap, maxDepth: number): Change[] {
  const atMs = numberOf(change["atMs"]);
  const type = types.find((known) => known === change["type"]);
  const resource = watchedResources.find((known) => known === change["resource"]);
  const object = shaped(mapOf(change["object"]), maxDepth)?.object;
  const isNamed = typeof mapOf(object?.["metadata"])["name"] === "string";
  if (atMs === undefined || type === undefined || resource === undefined || !isNamed) return [];
  // The shape was checked; the type is the API's for this resource.
  return [{ atMs, type, resource, object } as unknown as Change];
}

function watchedOf(entry: JsonMap): WatchedList[] {
  const resource = watchedResources.find((known) => known === entry["resource"]);
  if (resource === undefined) return [];
  const reason = textOf(entry["reason"]);
  const gaps = mapsOf(entry["gaps"]).flatMap((gap) => {
    const fromMs = numberOf(gap["fromMs"]);
    const toMs = numberOf(gap["toMs"]);
    return fromMs === undefined || toMs === undefined ? [] : [{ fromMs, toMs }];
  });
  const namespace = textOf(entry["namespace"]) ?? "default";
  return [{ resource, namespace, ...(reason === undefined ? {} : { reason }), gaps }];
}

/** A time outside of what a Date can hold would throw where it is written. */
const numberOf = (value: unknown): number | undefined =>
  typeof value === "number" && Math.abs(value) <= 8.64e15 ? value : undefined;
