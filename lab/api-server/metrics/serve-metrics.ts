import { type Answer, jsonAnswer } from "../answer.ts";
import type { Cluster } from "../cluster.ts";
import { parseLabelSelector } from "../label-selector.ts";
import type { ApiRequest, ResourcePath } from "../request.ts";
import { methodNotAllowed, objectNotFound, resourceNotFound } from "../status.ts";
import type { PodUsage } from "./usage.ts";

const apiVersion = "metrics.k8s.io/v1beta1";

interface Metrics {
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Labels };
  readonly [field: string]: unknown;
}
type Labels = Readonly<Record<string, string>>;

/** metrics.k8s.io as metrics-server answers it: of pods that were measured, and of nodes as the sum of their pods. */
export function metrics(cluster: Cluster, request: ApiRequest, path: ResourcePath): Answer {
  const usage = cluster.podUsage?.();
  if (usage === undefined || path.version !== "v1beta1" || path.subresource !== undefined)
    throw resourceNotFound();
  if (request.verb === "watch") throw methodNotAllowed(`watch is not supported on ${path.resource}`);
  const kind = { pods: "PodMetrics", nodes: "NodeMetrics" }[path.resource];
  if (kind === undefined) throw resourceNotFound();
  const all = path.resource === "pods" ? podMetrics(cluster, usage) : nodeMetrics(cluster, usage);
  const here = all.filter((m) => path.namespace === undefined || m.metadata.namespace === path.namespace);
  if (path.name !== undefined) {
    const found = here.find((m) => m.metadata.name === path.name);
    if (found === undefined) throw objectNotFound(path.resource, path.group, path.name);
    return jsonAnswer({ kind, apiVersion, ...found });
  }
  const matches = parseLabelSelector(request.query.get("labelSelector") ?? "");
  const items = here.filter((m) => matches(m.metadata.labels));
  return jsonAnswer({ kind: `${kind}List`, apiVersion, metadata: {}, items });
}

const amounts = (cpuCores: number, memoryBytes: number) => ({
  cpu: `${Math.round(cpuCores * 1e9)}n`,
  memory: `${Math.ceil(memoryBytes / 1024)}Ki`,
});

const head = (name: string, labels: Labels | undefined, namespace?: string): Metrics["metadata"] => ({
  name,
  ...(namespace === undefined ? {} : { namespace }),
  ...(labels === undefined ? {} : { labels }),
});

const windowOf = (atMs: number, windowMs: number) => ({
  timestamp: new Date(atMs).toISOString(),
  window: `${windowMs / 1000}s`,
});

const podMetrics = ({ store }: Cluster, usage: readonly PodUsage[]): Metrics[] =>
  usage
    .filter((u) => u.containers.length > 0)
    .map(({ namespace, pod, atMs, windowMs, containers }) => ({
      metadata: head(pod, store.get("pods", pod, namespace)?.labels, namespace),
      ...windowOf(atMs, windowMs),
      containers: containers.map(({ name, cpuCores, memoryBytes }) => ({
        name,
        usage: amounts(cpuCores, memoryBytes),
      })),
    }));

function nodeMetrics({ store }: Cluster, usage: readonly PodUsage[]): Metrics[] {
  return store.list("nodes").flatMap(({ name, labels }) => {
    const own = usage.filter((u) => u.node === name);
    const [first] = own;
    if (first === undefined) return [];
    const containers = own.flatMap((u) => u.containers);
    const sum = (of: (c: (typeof containers)[number]) => number): number =>
      containers.reduce((total, c) => total + of(c), 0);
    const used = amounts(
      sum((c) => c.cpuCores),
      sum((c) => c.memoryBytes),
    );
    return [{ metadata: head(name, labels), ...windowOf(first.atMs, first.windowMs), usage: used }];
  });
}
