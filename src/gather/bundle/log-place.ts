import type { Pod } from "kubernetes-types/core/v1";
import { namespaceOf } from "../../evidence/evidence.ts";
import type { LogPlace } from "./gathered.ts";

/** Pods by name, for telling whose log a file is. */
export type PodIndex = ReadonlyMap<string, readonly KnownPod[]>;

interface KnownPod {
  readonly namespace: string;
  readonly containers: readonly string[];
  /** Whose log `kubectl logs` prints when none is named; absent when it would have to choose. */
  readonly only?: string;
}

export function indexPods(pods: readonly Pod[]): PodIndex {
  const index = new Map<string, KnownPod[]>();
  for (const pod of pods) {
    const name = pod.metadata?.name;
    if (name === undefined) continue;
    const names = (pod.spec?.containers ?? []).map((container) => container.name);
    const initNames = (pod.spec?.initContainers ?? []).map((container) => container.name);
    const known = {
      namespace: namespaceOf(pod),
      containers: [...initNames, ...names],
      ...(names.length === 1 ? { only: names[0]! } : {}),
    };
    index.set(name, [...(index.get(name) ?? []), known]);
  }
  return index;
}

/** Whose log a file is, from its path and the pods that are known; undefined when it is no pod's. */
export function logPlace(path: string, pods: PodIndex): LogPlace | undefined {
  const segments = path.replace(/\.gz$/i, "").split("/");
  const base = segments.at(-1)!.replace(/\.(log|txt)([.-][\w.-]*)?$/i, "");
  const folders = segments.slice(0, -1);
  const previous =
    /(^|[-_.])(previous|prev)(\.insecure)?$/.test(base) ||
    /\.log[.-](previous|prev)$/i.test(segments.at(-1)!);
  const name = base.replace(/[-_.](previous|prev)$/, "");
  const place =
    mustGatherPlace(folders, base) ??
    kubeletPlace(folders, name) ??
    folderPlace(folders, name, pods) ??
    podPlace(folders, name, pods);
  return place === undefined ? undefined : { ...place, ...(previous ? { previous: true } : {}) };
}

/** NAMESPACE/pods/POD/CONTAINER/CONTAINER/logs/{current,previous}.log, as `oc adm inspect` writes it. */
function mustGatherPlace(folders: readonly string[], base: string): LogPlace | undefined {
  const tail = folders.at(-1) === "rotated" ? folders.slice(0, -1) : folders;
  if (tail.length < 6 || tail.at(-1) !== "logs" || tail.at(-5) !== "pods") return undefined;
  if (folders === tail && !/^(current|previous)(\.insecure)?$/.test(base)) return undefined;
  return placeOf(tail.at(-6), tail.at(-4), tail.at(-2));
}

/**
 * kubelet's links in /var/log/containers are POD_NAMESPACE_CONTAINER-ID.log, its folders in
 * /var/log/pods NAMESPACE_POD_UID/CONTAINER/RESTARTS.log.
 */
function kubeletPlace(folders: readonly string[], name: string): LogPlace | undefined {
  const link = name.split("_");
  if (link.length === 3 && link.every(isName))
    return placeOf(link[1], link[0], link[2]!.replace(/-[0-9a-f]{64}$/, ""));
  const folder = (folders.at(-2) ?? "").split("_");
  if (folder.length !== 3 || !folder.every(isName) || !/^\d+$/.test(name)) return undefined;
  return placeOf(folder[0], folder[1], folders.at(-1));
}

/** …/NAMESPACE/POD/CONTAINER.log, or …/POD/CONTAINER.log of a pod that is known. */
function folderPlace(folders: readonly string[], name: string, pods: PodIndex): LogPlace | undefined {
  const pod = folders.at(-1);
  if (pod === undefined) return undefined;
  const namespace = folders.at(-2);
  const known = pods.get(pod);
  const here = known?.find((candidate) => candidate.namespace === namespace);
  if (here !== undefined) return placeOf(namespace, pod, name);
  if (known?.length === 1 && known[0]!.containers.includes(name))
    return placeOf(known[0]!.namespace, pod, name);
  if (namespace === undefined || !isName(namespace) || !isName(pod) || !isName(name)) return undefined;
  const isUnderLogs = /^(logs|pods|pod-logs)$/.test(folders.at(-3) ?? "");
  return isUnderLogs || looksGenerated(pod) ? placeOf(namespace, pod, name) : undefined;
}

/** …/POD.log, …/POD-CONTAINER.log or …/NAMESPACE-POD.log of a pod that is known. */
function podPlace(folders: readonly string[], name: string, pods: PodIndex): LogPlace | undefined {
  const only = (pod: string, container?: string): LogPlace | undefined => {
    const known = pods.get(pod);
    const here =
      known?.length === 1 ? known[0] : known?.find((candidate) => candidate.namespace === folders.at(-1));
    if (here === undefined || (container !== undefined && !here.containers.includes(container)))
      return undefined;
    return placeOf(here.namespace, pod, container ?? here.only);
  };
  const whole = only(name);
  if (whole !== undefined) return whole;
  for (const separator of name.matchAll(/[-_.]/g)) {
    const head = name.slice(0, separator.index);
    const rest = name.slice(separator.index + 1);
    const place =
      only(head, rest) ??
      (pods.get(rest)?.some((pod) => pod.namespace === head) === true ? only(rest) : undefined);
    if (place !== undefined) return place;
  }
  return undefined;
}

const isName = (text: string): boolean => /^[a-z0-9][-a-z0-9.]*$/.test(text);

/** Names that a ReplicaSet, a DaemonSet or a StatefulSet gives: web-7d9c6b5f4-x2x4z, web-0. */
const looksGenerated = (pod: string): boolean => /-([bcdfghjklmnpqrstvwxz2456789]{5}|\d{1,4})$/.test(pod);

function placeOf(
  namespace: string | undefined,
  pod: string | undefined,
  container: string | undefined,
): LogPlace {
  return {
    ...(namespace === undefined ? {} : { namespace }),
    ...(pod === undefined ? {} : { pod }),
    ...(container === undefined ? {} : { container }),
  };
}
