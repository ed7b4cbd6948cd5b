import { allResources, type Resource, resources } from "../../../evidence/kinds.ts";
import { indexPods, logPlace } from "../log-place.ts";
import { takeFile } from "../objects-in.ts";
import { takeLog } from "../read-log.ts";
import { type SourceFile, type SourceTree, useOf } from "../source-tree.ts";
import type { Layout, Reading } from "./layout.ts";

/**
 * OpenShift's must-gather, and what `oc adm inspect` writes alone. Paths: openshift/oc
 * pkg/cli/admin/inspect/util.go dirPathForInfo and filenameForInfo, namespace.go, pod.go. Several images
 * give several folders named after them; every path is read from its last "namespaces" or
 * "cluster-scoped-resources" on.
 */
const namespaced = /(?:^|\/)namespaces\/([^/]+)\/(.+)$/;
const clusterScoped = /(?:^|\/)cluster-scoped-resources\/([^/]+)\/([^/]+?)(?:\/[^/]+)?\.(?:ya?ml|json)$/;

/** NAMESPACE/GROUP/RESOURCE.yaml: the list of a whole namespace, written also when it is empty. */
const listFile = /^([^/]+)\/([a-z]+)\.(?:ya?ml|json)$/;
export const mustGather: Layout = {
  kind: "must-gather",
  recognises: ({ files }) =>
    files.some(({ path }) => clusterScoped.test(path) || listFile.test(namespaced.exec(path)?.[2] ?? "")) ||
    files.some(({ path }) =>
      /(^|\/)namespaces\/[^/]+\/pods\/[^/]+\/[^/]+\/[^/]+\/logs\/current\.log$/.test(path),
    ),
  read,
};

function read(reading: Reading): number | undefined {
  const { tree, gathered, limits } = reading;
  const namespacesOfPods = new Set<string>();
  for (const file of tree.files) {
    if (useOf(file.path) !== "text") continue;
    const scoped = clusterScoped.exec(file.path);
    if (scoped !== null) takeClusterScoped(file, scoped[1]!, scoped[2]!, reading);
    const inNamespace = namespaced.exec(file.path);
    if (inNamespace !== null)
      takeNamespaced(file, inNamespace[1]!, inNamespace[2]!, reading, namespacesOfPods);
  }
  // The pods of an inspected namespace are all written (namespace.go gatherNamespaceData).
  if (tree.cut === undefined)
    for (const namespace of namespacesOfPods) gathered.cover("pods", namespace, "whole");
  const pods = indexPods(gathered.objects("pods"));
  const logs = tree.files.filter((file) => namespaced.test(file.path) && useOf(file.path) === "log");
  for (const file of logs) {
    const place = logPlace(file.path, pods);
    const isInsecureTwin =
      file.path.endsWith(".insecure.log") && place !== undefined && gathered.hasLog(place);
    if (place !== undefined && !isInsecureTwin) takeLog(file, place, "container", gathered, limits);
  }
  return timestamp(tree);
}

function resourceAt(group: string, plural: string): Resource | undefined {
  if (plural === "events") return "events";
  const known = allResources.find((resource) => resource === plural);
  if (known === undefined) return undefined;
  const groupNow = resources[known].group;
  return group === (groupNow === "" ? "core" : groupNow) || group === "extensions" ? known : undefined;
}

function takeClusterScoped(
  file: SourceFile,
  group: string,
  plural: string,
  { tree, gathered, limits }: Reading,
): void {
  const resource = resourceAt(group, plural);
  if (resource === undefined) return;
  const result = takeFile(file, gathered, limits, { resource });
  if (result.problem !== undefined) {
    gathered.lose(file.path, result.problem);
    gathered.fail(resource, undefined, `${file.path}: ${result.problem}`);
  } else if (tree.cut === undefined) {
    gathered.cover(resource, undefined, "whole");
  }
}

function takeNamespaced(
  file: SourceFile,
  namespace: string,
  path: string,
  { gathered, limits }: Reading,
  namespacesOfPods: Set<string>,
): void {
  const segments = path.split("/");
  const [group = "", plural = ""] = segments;
  const isPod = group === "pods" && segments.length === 3;
  const list = listFile.exec(path);
  const listed = list === null ? undefined : resourceAt(list[1]!, list[2]!);
  // One object, asked for by name: it says nothing about others. NAMESPACE.yaml is the Namespace.
  const isObject =
    isPod || segments.length === 1 || (segments.length === 3 && resourceAt(group, plural) !== undefined);
  if (listed === undefined && !isObject) return;
  // Each pod is written again beside its logs; with the list at hand that would be read for nothing.
  if (isPod && gathered.isWhole("pods", namespace)) return;
  const result = takeFile(file, gathered, limits, {
    namespace,
    ...(listed === undefined ? {} : { resource: listed }),
  });
  const resource = listed ?? (isPod ? "pods" : undefined);
  if (isPod) namespacesOfPods.add(namespace);
  if (result.problem !== undefined) {
    gathered.lose(file.path, result.problem);
    if (resource !== undefined) gathered.fail(resource, namespace, `${file.path}: ${result.problem}`);
  } else if (listed !== undefined) {
    gathered.cover(listed, namespace, "whole");
  }
}

/**
 * The last moment in the `timestamp` files, which get a line at the start and at the end of collecting:
 * "2026-11-18 10:30:00.123456789 +0100 CET m=+0.027" (openshift/oc pkg/cli/admin/inspect/inspect.go logTimestamp).
 */
function timestamp(tree: SourceTree): number | undefined {
  let newest: number | undefined;
  for (const file of tree.files) {
    if (!/(^|\/)timestamp$/.test(file.path)) continue;
    const text = file.read().bytes?.toString("utf8", 0, 4096) ?? "";
    for (const match of text.matchAll(/(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.\d+)? ([+-]\d\d)(\d\d)/g)) {
      const [, day, time, fraction = "", zoneHour, zoneMinute] = match;
      const ms = Date.parse(`${day}T${time}${fraction.slice(0, 4)}${zoneHour}:${zoneMinute}`);
      if (!Number.isNaN(ms) && ms > (newest ?? 0)) newest = ms;
    }
  }
  return newest;
}
