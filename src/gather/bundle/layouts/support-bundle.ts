import type { Resource } from "../../../evidence/kinds.ts";
import { decodeText } from "../decode-text.ts";
import type { Gathered } from "../gathered.ts";
import { isMap, listOf, textOf } from "../json-value.ts";
import { indexPods, logPlace } from "../log-place.ts";
import { takeFile } from "../objects-in.ts";
import { takeLog } from "../read-log.ts";
import { type SourceFile, useOf } from "../source-tree.ts";
import { bundleNameTime } from "./bundle-name-time.ts";
import type { Layout, Reading } from "./layout.ts";

/**
 * A support bundle of troubleshoot.sh. Folder names: replicatedhq/troubleshoot pkg/constants/constants.go;
 * what is in them: pkg/collect/cluster_resources.go.
 */
const folders: ReadonlyMap<string, Resource> = new Map<string, Resource>([
  ["configmaps", "configmaps"],
  ["custom-resources/rollouts.argoproj.io", "rollouts"],
  ["daemonsets", "daemonsets"],
  ["deployments", "deployments"],
  ["endpoints", "endpoints"],
  ["endpointslices", "endpointslices"],
  ["events", "events"],
  ["ingress", "ingresses"],
  ["ingress-classes", "ingressclasses"],
  ["jobs", "jobs"],
  ["limitranges", "limitranges"],
  ["namespaces", "namespaces"],
  ["network-policy", "networkpolicies"],
  ["nodes", "nodes"],
  ["pod-disruption-budgets", "poddisruptionbudgets"],
  ["pods", "pods"],
  ["pvcs", "persistentvolumeclaims"],
  ["pvs", "persistentvolumes"],
  ["replicasets", "replicasets"],
  ["resource-quota", "resourcequotas"],
  ["serviceaccounts", "serviceaccounts"],
  ["services", "services"],
  ["statefulsets", "statefulsets"],
  ["storage-classes", "storageclasses"],
]);

const clusterResources = /(?:^|\/)cluster-resources\/(.+)$/;
const errorsFile = /^([^/]+)-errors\.json$/;
const podLog = /^pods\/logs\/([^/]+)\/([^/]+)\/([^/]+)\.log$/;

export const supportBundle: Layout = {
  kind: "support-bundle",
  recognises: ({ files }) =>
    files.some(({ path }) => clusterResources.test(path)) ||
    files.some(
      (file) => /(^|\/)version\.yaml$/.test(file.path) && contentIncludes(file, "kind: SupportBundle"),
    ),
  read,
};

function contentIncludes(file: SourceFile, text: string): boolean {
  return file.read().bytes?.subarray(0, 4096).includes(text) === true;
}

function read(reading: Reading): number | undefined {
  const { tree, gathered, limits } = reading;
  const inside = tree.files.flatMap((file) => {
    const path = clusterResources.exec(file.path)?.[1];
    return path === undefined ? [] : [{ file, path }];
  });
  for (const { file, path } of inside) takeResource(file, path, reading);
  for (const { file, path } of inside) takeErrors(file, path, gathered);
  coverMissingRollouts(reading);
  const pods = indexPods(gathered.objects("pods"));
  for (const { file, path } of inside) takePodLog(file, path, reading);
  for (const file of tree.files) {
    if (useOf(file.path) !== "log" || clusterResources.test(file.path)) continue;
    const place = logPlace(file.path, pods);
    if (place !== undefined && !gathered.hasLog(place)) takeLog(file, place, "container", gathered, limits);
  }
  const topFolder = inside[0]?.file.path.split("/", 1)[0] ?? "";
  return bundleNameTime([topFolder, reading.name], gathered.newestMs());
}

function takeResource(file: SourceFile, path: string, { gathered, limits }: Reading): void {
  if (errorsFile.test(path)) return;
  const [, folder = "", namespace] =
    /^(custom-resources\/[^/.]+\.[^/]+?|[^/]+?)(?:\/([^/]+))?\.(?:json|ya?ml)$/.exec(path) ?? [];
  const resource = folders.get(folder);
  if (resource === undefined) return;
  const place = { resource, ...(namespace === undefined ? {} : { namespace }) };
  const result = takeFile(file, gathered, limits, place);
  if (result.problem !== undefined) {
    gathered.lose(file.path, result.problem);
    gathered.fail(resource, namespace, `${file.path}: ${result.problem}`);
  } else if (resource === "namespaces" && result.listOf === undefined) {
    // Asked for some namespaces, the collector writes them as an array, or the only one as an object.
    const names = gathered.objects("namespaces").map((object) => object.metadata?.name ?? "");
    gathered.cover(resource, undefined, "selected", names);
  } else {
    gathered.cover(resource, namespace, "whole");
  }
}

/** An errors file is a map of namespace to message, or a list of messages (pkg/collect/util.go marshalErrors). */
function takeErrors(file: SourceFile, path: string, gathered: Gathered): void {
  const resource = folders.get(errorsFile.exec(path)?.[1] ?? "");
  if (resource === undefined) return;
  const bytes = file.read().bytes;
  let errors: unknown;
  try {
    errors = bytes === undefined ? undefined : JSON.parse(decodeText(bytes));
  } catch {
    errors = undefined;
  }
  if (isMap(errors)) {
    for (const [namespace, message] of Object.entries(errors)) {
      gathered.fail(
        resource,
        namespace === "" ? undefined : namespace,
        textOf(message) ?? "it could not be collected",
      );
    }
    return;
  }
  const messages = listOf(errors).map(textOf);
  // Namespaces asked for by name that do not exist are errors beside a list that was read.
  if (resource === "namespaces" && gathered.objects("namespaces").length > 0) return;
  gathered.fail(resource, undefined, messages.join("; ").slice(0, 500) || "it could not be collected");
}

/**
 * The collector writes no file for a custom resource that has no objects, so with the definitions read
 * and no error about it, a missing file means none.
 */
function coverMissingRollouts({ tree, gathered }: Reading): void {
  const hasDefinitions = tree.files.some((file) => hasPath(file, "custom-resource-definitions.json"));
  const errors = tree.files.find((file) => hasPath(file, "custom-resources/custom-resources-errors.json"));
  if (!hasDefinitions || tree.cut !== undefined) return;
  if (
    errors !== undefined &&
    (contentIncludes(errors, "rollouts.argoproj.io") || contentIncludes(errors, "crdList"))
  )
    return;
  for (const file of tree.files) {
    const namespace = /(?:^|\/)cluster-resources\/pods\/([^/]+)\.json$/.exec(file.path)?.[1];
    if (namespace !== undefined) gathered.cover("rollouts", namespace, "whole");
  }
}

const hasPath = (file: SourceFile, path: string): boolean => clusterResources.exec(file.path)?.[1] === path;

/** CONTAINER.log, CONTAINER-previous.log, or CONTAINER-logs-errors.log with why there is none. */
function takePodLog(file: SourceFile, path: string, { gathered, limits }: Reading): void {
  const [, namespace, pod, name] = podLog.exec(path) ?? [];
  if (namespace === undefined || pod === undefined || name === undefined) return;
  const failed = /^(.+)-logs-errors$/.exec(name)?.[1];
  if (failed !== undefined) {
    const reason = file.read().bytes?.toString("utf8", 0, 500).trim() ?? "it could not be collected";
    gathered.log({ namespace, pod, container: failed, name: file.path, role: "container", reason });
    return;
  }
  const previous = /^(.+)-previous$/.exec(name)?.[1];
  const place = {
    namespace,
    pod,
    container: previous ?? name,
    ...(previous === undefined ? {} : { previous: true }),
  };
  takeLog(file, place, "container", gathered, limits);
}
