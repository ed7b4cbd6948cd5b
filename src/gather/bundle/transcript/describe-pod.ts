import { defined, type JsonMap } from "../json-value.ts";
import { containerOf, containerStatusOf } from "./describe-container.ts";
import {
  childrenOf,
  describedAnnotations,
  describedLabels,
  type DescribedLine,
  linesOf,
  valueOf,
} from "./describe-tree.ts";
import { ageMs, describedTime, isoOf } from "./durations.ts";
import { columnsOf, isNone, rowOf } from "./table.ts";

/** Metadata that every namespaced describe text starts with. */
export function metadataOf(lines: readonly DescribedLine[]): JsonMap {
  const owner = /^(\w+)\/(\S+)$/.exec(valueOf(lines, "Controlled By") ?? "");
  return defined({
    name: valueOf(lines, "Name"),
    namespace: valueOf(lines, "Namespace"),
    creationTimestamp: describedTime(valueOf(lines, "CreationTimestamp")),
    labels: describedLabels(lines, "Labels"),
    annotations: describedAnnotations(lines),
    ownerReferences:
      owner === null
        ? undefined
        : [
            {
              apiVersion: owner[1] === "Node" ? "v1" : owner[1] === "Job" ? "batch/v1" : "apps/v1",
              kind: owner[1],
              name: owner[2],
              uid: "",
              controller: true,
            },
          ],
  });
}

/** A Pod (describe.go describePod). What it does not show stays absent. */
export function describedPod(lines: readonly DescribedLine[], nowMs: number | undefined): JsonMap {
  const [nodeName, hostIP] = (valueOf(lines, "Node") ?? "").split("/");
  const status = valueOf(lines, "Status") ?? "";
  const terminating = /^Terminating \(lasts (\S+)\)/.exec(status);
  const startTime = describedTime(valueOf(lines, "Start Time"));
  const initContainers = childrenOf(lines, "Init Containers");
  const containers = childrenOf(lines, "Containers");
  const podIP = valueOf(lines, "IP");
  const lastedMs = ageMs(terminating?.[1] ?? "");
  const grace = /^(\d+)s$/.exec(valueOf(lines, "Termination Grace Period") ?? "")?.[1];
  return {
    metadata: {
      // kubelet stamps the start when it first sees the pod, some milliseconds after it was created and bound.
      ...defined({ creationTimestamp: startTime }),
      ...metadataOf(lines),
      ...defined({
        deletionTimestamp:
          lastedMs === undefined || nowMs === undefined ? undefined : isoOf(nowMs - lastedMs),
        deletionGracePeriodSeconds: grace === undefined ? undefined : Number(grace),
      }),
    },
    spec: defined({
      nodeName: isNone(nodeName) ? undefined : nodeName,
      ...podSpecOf(lines),
      initContainers: initContainers.length > 0 ? initContainers.map(containerOf) : undefined,
      containers: containers.map(containerOf),
    }),
    status: defined({
      phase: terminating === null ? status : undefined,
      reason: valueOf(lines, "Reason"),
      message: valueOf(lines, "Message"),
      startTime,
      hostIP: isNone(hostIP) ? undefined : hostIP,
      podIP,
      podIPs:
        podIP === undefined ? undefined : childrenOf(lines, "IPs").map((line) => ({ ip: line.value.trim() })),
      qosClass: valueOf(lines, "QoS Class"),
      conditions: conditionsOf(childrenOf(lines, "Conditions")),
      initContainerStatuses: statusesOf(initContainers),
      containerStatuses: statusesOf(containers),
    }),
  };
}

function statusesOf(containers: readonly DescribedLine[]): JsonMap[] | undefined {
  const statuses = containers.map(containerStatusOf).filter((status) => status !== undefined);
  return statuses.length === 0 ? undefined : statuses;
}

/** The parts that a pod and the template of a workload show alike. */
function podSpecOf(lines: readonly DescribedLine[]): JsonMap {
  const nodeSelector = describedLabels(lines, "Node-Selectors");
  const tolerations = linesOf(lines, "Tolerations").map(tolerationOf);
  return defined({
    serviceAccountName: valueOf(lines, "Service Account"),
    priorityClassName: valueOf(lines, "Priority Class Name"),
    nodeSelector: Object.keys(nodeSelector).length > 0 ? nodeSelector : undefined,
    tolerations: tolerations.length > 0 ? tolerations : undefined,
    volumes: childrenOf(lines, "Volumes").length > 0 ? childrenOf(lines, "Volumes").map(volumeOf) : undefined,
  });
}

/** The template of a workload (describe.go DescribePodTemplate). */
export function templateOf(lines: readonly DescribedLine[]): JsonMap | undefined {
  const template = lines.find((line) => line.key === "Pod Template");
  if (template === undefined) return undefined;
  const below = template.children;
  const initContainers = childrenOf(below, "Init Containers");
  return {
    metadata: { labels: describedLabels(below, "Labels"), annotations: describedAnnotations(below) },
    spec: {
      ...podSpecOf(below),
      ...(initContainers.length > 0 ? { initContainers: initContainers.map(containerOf) } : {}),
      containers: childrenOf(below, "Containers").map(containerOf),
    },
  };
}

/** "key=value:Effect op=Exists for 300s" (describe.go printTolerations). */
function tolerationOf(text: string): JsonMap {
  const match = /^([^=:\s]*)(?:=([^:\s]*))?(?::(\w+))?(?: op=(\w+))?(?: for (\d+)s)?$/.exec(text.trim());
  if (match === null) return { key: text.trim() };
  return defined({
    key: match[1] === "" ? undefined : match[1],
    value: match[2],
    effect: match[3],
    operator: match[4] ?? (match[2] === undefined ? "Exists" : undefined),
    tolerationSeconds: match[5] === undefined ? undefined : Number(match[5]),
  });
}

function volumeOf(line: DescribedLine): JsonMap {
  const read = (key: string): string | undefined => valueOf(line.children, key);
  const type = (read("Type") ?? "").split(" ", 1)[0];
  const optional = read("Optional") === "true" ? { optional: true } : {};
  const sources: Readonly<Record<string, JsonMap>> = {
    PersistentVolumeClaim: { persistentVolumeClaim: { claimName: read("ClaimName") ?? "" } },
    Secret: { secret: { secretName: read("SecretName") ?? "", ...optional } },
    ConfigMap: { configMap: { name: read("Name") ?? "", ...optional } },
    EmptyDir: { emptyDir: defined({ medium: read("Medium"), sizeLimit: read("SizeLimit") }) },
    HostPath: { hostPath: defined({ path: read("Path"), type: read("HostPathType") }) },
    NFS: { nfs: defined({ server: read("Server"), path: read("Path") }) },
  };
  return { name: line.key, ...(type === undefined ? {} : sources[type]) };
}

/** Rows under "Type  Status  …" of any describe text; times become RFC 3339. */
export function conditionsOf(lines: readonly DescribedLine[]): JsonMap[] | undefined {
  const [titles, ...rows] = lines.flatMap(withBelow);
  if (titles === undefined) return undefined;
  const columns = columnsOf(titles);
  return rows
    .filter((row) => !/^\s*-+\s/.test(row))
    .map((row) => rowOf(row, columns))
    .map((row) =>
      defined({
        type: row["Type"],
        status: row["Status"],
        reason: row["Reason"] === "" ? undefined : row["Reason"],
        message: row["Message"] === "" ? undefined : row["Message"],
        lastHeartbeatTime: describedTime(row["LastHeartbeatTime"]),
        lastTransitionTime: describedTime(row["LastTransitionTime"]),
      }),
    );
}

/** The lines of a table, whatever their indentation made of them. */
export const withBelow = (line: DescribedLine): string[] => [line.line, ...line.children.flatMap(withBelow)];
