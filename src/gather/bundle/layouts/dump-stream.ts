import { allResources, type Resource, resources } from "../../../evidence/kinds.ts";
import { decodeText } from "../decode-text.ts";
import { type JsonMap, mapOf, mapsOf, textOf } from "../json-value.ts";
import { objectsOf } from "../objects-in.ts";
import { jsonStream } from "../parse-documents.ts";
import { splitDumpLog } from "../split-dump-log.ts";
import type { Reading } from "./layout.ts";

/** Whether bytes are what `kubectl cluster-info dump` prints when it is given no folder. */
export function isDumpStream(bytes: Buffer): boolean {
  if (!/^\s*\{/.test(bytes.toString("latin1", 0, 64))) return false;
  return bytes.includes('"ReplicationControllerList"') && bytes.includes('"EventList"');
}

/**
 * Reads the printed form: the nodes; then for each namespace its lists, events first, and the logs of its pods
 * (kubernetes/kubectl pkg/cmd/clusterinfo/clusterinfo_dump.go Run).
 */
export function readDumpStream(bytes: Buffer, file: string, { gathered }: Pick<Reading, "gathered">): void {
  let from = 0;
  let lists: JsonMap[] = [];
  const closeNamespace = (): void => {
    takeNamespace(lists, file, gathered);
    lists = [];
  };
  const takeText = (to: number): void => {
    const { values, problem } = jsonStream(decodeText(bytes.subarray(from, to)));
    if (problem !== undefined) gathered.lose(file, problem);
    for (const value of values.map(mapOf)) {
      if (value["kind"] === "NodeList" || value["kind"] === "EventList") closeNamespace();
      lists.push(value);
    }
  };
  for (const { start, end, reason, bytes: log, ...place } of splitDumpLog(bytes)) {
    if (place.container === undefined) continue;
    takeText(start);
    from = end;
    const name = `${file} (${place.namespace ?? ""}/${place.pod ?? ""}/${place.container})`;
    gathered.log({
      ...place,
      name,
      role: "container",
      ...(reason === undefined ? { bytes: log } : { reason }),
    });
  }
  takeText(bytes.length);
  closeNamespace();
}

/** An empty list does not say whose it is; the other lists of its namespace do. */
function takeNamespace(lists: readonly JsonMap[], file: string, gathered: Reading["gathered"]): void {
  const namespace = lists
    .flatMap((list) => mapsOf(list["items"]))
    .map((item) => textOf(mapOf(item["metadata"])["namespace"]))
    .find((name) => name !== undefined);
  for (const list of lists) {
    const resource = resourceOfList(list);
    if (resource === undefined) continue;
    for (const object of objectsOf(list)) gathered.add(object, { file, resource });
    if (!resources[resource].namespaced || namespace !== undefined)
      gathered.cover(resource, namespace, "whole");
  }
}

const resourceOfList = (list: JsonMap): Resource | undefined =>
  allResources.find((resource) => `${resources[resource].kind}List` === list["kind"]);
