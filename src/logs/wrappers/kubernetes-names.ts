import type { Peeled } from "./peeled.ts";

type Entry = Readonly<Record<string, unknown>>;

/** Where a wrapper says which container wrote a line. */
type Names = Pick<Peeled, "namespace" | "pod" | "container">;

const keys = {
  namespace: [
    "namespace_name",
    "pod_namespace",
    "namespace",
    "k8s_namespace_name",
    "kubernetes_namespace",
    "namespaceName",
  ],
  pod: ["pod_name", "pod", "podName", "k8s_pod_name", "kubernetes_pod_name"],
  container: [
    "container_name",
    "container",
    "containerName",
    "k8s_container_name",
    "kubernetes_container_name",
  ],
} as const;

/** Names out of a set of labels; `{"pod":{"name":"web-1"}}` of Filebeat reads like `{"pod":"web-1"}`. */
export function namesOf(labels: Entry): Names {
  const found: Names = {
    namespace: firstOf(labels, keys.namespace),
    pod: firstOf(labels, keys.pod),
    container: firstOf(labels, keys.container),
  };
  if (found.pod !== "") return found;
  return namesInPath(pathOf(labels)) ?? found;
}

function firstOf(labels: Entry, candidates: readonly string[]): string {
  for (const key of candidates) {
    const value = labels[key];
    const named = typeof value === "object" && value !== null ? (value as { name?: unknown }).name : value;
    if (typeof named === "string" && named !== "") return named;
  }
  return "";
}

/** Keys that hold a file of /var/log/pods or /var/log/containers, or a tag or stream made of one. */
const pathKeys = ["filename", "file", "log_file_path", "source", "path", "tag", "logStreamName", "logStream"];

function pathOf(labels: Entry): string {
  for (const key of pathKeys) {
    const value = labels[key];
    if (typeof value === "string" && /pods\/|containers[./]/.test(value)) return value;
  }
  return "";
}

const podsFile = /\/pods\/([a-z0-9-]{1,63})_([a-z0-9.-]{1,253})_[0-9a-f-]{16,64}\/([a-z0-9-]{1,63})\//;
const containersFile =
  /containers[./]([a-z0-9.-]{1,253})_([a-z0-9-]{1,63})_([a-z0-9-]{1,63})-[0-9a-f]{12,64}(?:\.log|$)/;

/**
 * kubelet's file names: /var/log/pods/NAMESPACE_POD_UID/CONTAINER/0.log and
 * /var/log/containers/POD_NAMESPACE_CONTAINER-ID.log, the latter also with dots for slashes as a tag.
 */
export function namesInPath(path: string): Names | undefined {
  const inPods = podsFile.exec(path);
  if (inPods !== null)
    return { namespace: inPods[1] ?? "", pod: inPods[2] ?? "", container: inPods[3] ?? "" };
  const inContainers = containersFile.exec(path);
  if (inContainers === null) return undefined;
  return { namespace: inContainers[2] ?? "", pod: inContainers[1] ?? "", container: inContainers[3] ?? "" };
}
