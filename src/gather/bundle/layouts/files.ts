import { namespaceOf, nameOf } from "../../../evidence/evidence.ts";
import { allResources, type Resource, resources } from "../../../evidence/kinds.ts";
import type { Gathered } from "../gathered.ts";
import { indexPods, logPlace } from "../log-place.ts";
import { type FileReading, takeFile } from "../objects-in.ts";
import { roleOfFile, takeLog } from "../read-log.ts";
import { type SourceFile, useOf } from "../source-tree.ts";
import type { Layout, Reading } from "./layout.ts";

/** Any folder of Kubernetes YAML and JSON, and of logs. */
export const files: Layout = { kind: "files", recognises: () => true, read };

function read(reading: Reading): number | undefined {
  const { tree, gathered, limits } = reading;
  const doubtful = new Set<Resource>();
  const logs: SourceFile[] = [];
  for (const file of tree.files) {
    if (useOf(file.path) === "log" && !/\.txt$/i.test(file.path)) logs.push(file);
    if (!/\.(json|ya?ml)$/i.test(file.path)) continue;
    const result = takeFile(file, gathered, limits);
    if (result.problem !== undefined) noteBroken(file, result, gathered, doubtful);
    for (const [resource] of result.taken) gathered.cover(resource, undefined, "whole");
    coverEmptyList(result, gathered);
  }
  if (tree.cut !== undefined) for (const resource of allResources) doubtful.add(resource);
  coverOnlySeen(gathered, doubtful);
  const pods = indexPods(gathered.objects("pods"));
  for (const file of logs) {
    const place = logPlace(file.path, pods);
    takeLog(file, place ?? {}, place === undefined ? roleOfFile(file.path) : "container", gathered, limits);
  }
  return undefined;
}

/** A PodList without items, as the API gives it, says that there are none. */
function coverEmptyList({ listOf, taken }: FileReading, gathered: Gathered): void {
  if (listOf === undefined || taken.size > 0) return;
  const resource = allResources.find((known) => `${resources[known].kind}List` === listOf);
  if (resource !== undefined) gathered.cover(resource, undefined, "whole");
}

/** A broken file is said when it looks like it held objects; which ones is read from its "kind" lines. */
function noteBroken(
  file: SourceFile,
  result: FileReading,
  gathered: Gathered,
  doubtful: Set<Resource>,
): void {
  const text = result.unread ?? "";
  const kinds = Array.from(
    text.matchAll(/(?:^|[\s{,-])"?kind"?\s{0,4}:\s{0,4}"?([A-Z][A-Za-z]{1,60})/g),
    (match) => match[1]!,
  );
  if (text !== "" && kinds.length === 0 && !/apiVersion/.test(text)) return;
  gathered.lose(file.path, result.problem ?? "it could not be read");
  const named = allResources.filter((resource) => {
    const { kind } = resources[resource];
    return kinds.includes(kind) || kinds.includes(`${kind}List`);
  });
  for (const resource of kinds.length === 0 || kinds.includes("List") ? allResources : named)
    doubtful.add(resource);
  for (const resource of named) {
    if (gathered.objects(resource).length === 0)
      gathered.fail(resource, undefined, `${file.path}: ${result.problem}`);
  }
}

/** Where a part could not be read, what was seen exists, and nothing is said about the rest. */
function coverOnlySeen(gathered: Gathered, doubtful: ReadonlySet<Resource>): void {
  for (const resource of doubtful) {
    const names = new Map<string | undefined, string[]>();
    for (const object of gathered.objects(resource)) {
      const namespace = resources[resource].namespaced ? namespaceOf(object) : undefined;
      const known = names.get(namespace);
      if (known === undefined) names.set(namespace, [nameOf(object)]);
      else known.push(nameOf(object));
    }
    gathered.uncover(resource);
    for (const [namespace, seen] of names) gathered.cover(resource, namespace, "selected", seen);
  }
}
