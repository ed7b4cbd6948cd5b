import type { ServedCluster, ServeOptions } from "../../../lab/api-server/serve.ts";
import type { KubeObject } from "../../../lab/api-server/stored-object.ts";
import type { Writes } from "../../../lab/api-server/writes.ts";
import type { Evidence } from "../../../src/evidence/evidence.ts";
import { start } from "../clusters.ts";

const nothing: Evidence = {
  collectedAt: "2026-11-18T10:30:00Z",
  source: { kind: "cluster", name: "lab" },
  objects: {},
  coverage: [],
  logs: [],
  losses: [],
};

export interface WritableCluster extends ServedCluster {
  readonly writes: Writes;
}

/** A cluster with nothing in it that takes writes; the end of the test closes it. */
export async function startWritable(options: ServeOptions = {}): Promise<WritableCluster> {
  const cluster = await start({ writable: true, ...options }, nothing);
  const { writes } = cluster;
  if (writes === undefined) throw new Error("the cluster takes no writes");
  return { ...cluster, writes };
}

export interface Answered {
  readonly code: number;
  readonly warning: string | null;
  readonly body: Record<string, unknown> & {
    readonly metadata: NonNullable<KubeObject["metadata"]>;
    readonly spec: Record<string, unknown>;
    readonly message: string;
    readonly reason: string;
  };
}

/** One request with a JSON body. */
export async function send(
  cluster: ServedCluster,
  method: string,
  path: string,
  body?: unknown,
  contentType = "application/json",
): Promise<Answered> {
  const answer = await fetch(cluster.url + path, {
    method,
    headers: { "Content-Type": contentType, "User-Agent": "tester/1.0" },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  return {
    code: answer.status,
    warning: answer.headers.get("warning"),
    body: (await answer.json()) as Answered["body"],
  };
}

export const deploymentsPath = "/apis/apps/v1/namespaces/default/deployments";

/** A Deployment "web" as a user writes it. */
export const web = (spec: Record<string, unknown> = {}): KubeObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web" },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "app", image: "shop:1", ports: [{ containerPort: 8080 }] }] },
    },
    ...spec,
  },
});

/** A running pod on a node. */
export function addPod(cluster: WritableCluster, name: string, nodeName = "worker-1"): KubeObject {
  const labels = { app: "web" };
  cluster.writes.create("pods", {
    metadata: { name, namespace: "default", labels },
    spec: { nodeName, containers: [{ name: "app", image: "shop:1" }] },
  });
  const ready = { type: "Ready", status: "True" };
  const running = { phase: "Running", conditions: [ready] };
  return cluster.writes.updateStatus("pods", name, "default", (status) => ({ ...status, ...running })) ?? {};
}

/** Takes pods away as soon as they are marked, as a kubelet whose programs end at once. */
export function startSwiftKubelet({ store, writes }: WritableCluster): () => void {
  return store.subscribe(({ type, resource, object }) => {
    const isMarked = type === "MODIFIED" && object.object.metadata?.deletionTimestamp !== undefined;
    if (resource === "pods" && isMarked)
      setImmediate(() => writes.remove("pods", object.name, object.namespace, { gracePeriodSeconds: 0 }));
  });
}
