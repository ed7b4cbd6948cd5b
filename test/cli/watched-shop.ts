import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { afterEach } from "vitest";
import type { LiveLog } from "../../lab/api-server/log-source.ts";
import { type ServedCluster, type ServeOptions, serveCluster } from "../../lab/api-server/serve.ts";
import type { KubeObject } from "../../lab/api-server/stored-object.ts";
import { evidenceOf } from "../support/evidence.ts";
import { bareEnvironment, main, type Ran, root } from "./run-program.ts";

/** A shop with two pods behind ingress-nginx, whose log grows while a test runs. All of it is of now. */

const hash = "6d4cf56db6";
export const pods = [`web-${hash}-bbbbb`, `web-${hash}-ccccc`] as const;
const iso = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");

function podText(name: string, ip: string): object {
  const startedAt = iso(Date.now() - 3_600_000);
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: "shop",
      uid: `uid-${name}`,
      labels: { app: "web", "pod-template-hash": hash },
      creationTimestamp: startedAt,
      ownerReferences: [
        { apiVersion: "apps/v1", kind: "ReplicaSet", name: `web-${hash}`, uid: "set", controller: true },
      ],
    },
    spec: { nodeName: "n1", containers: [{ name: "app", image: "app:1" }] },
    status: {
      phase: "Running",
      podIP: ip,
      conditions: [{ type: "Ready", status: "True", lastTransitionTime: startedAt }],
      containerStatuses: [
        {
          name: "app",
          ready: true,
          restartCount: 0,
          state: { running: { startedAt } },
          image: "",
          imageID: "",
        },
      ],
    },
  };
}

const gatewayId = "containerd://gateway";

const gatewayPod = (): object => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name: "ingress-nginx-controller-7f9-xyz",
    namespace: "ingress-nginx",
    uid: "gateway",
    labels: { "app.kubernetes.io/name": "ingress-nginx", "app.kubernetes.io/component": "controller" },
    creationTimestamp: iso(Date.now() - 3_600_000),
  },
  spec: {
    nodeName: "n1",
    containers: [
      {
        name: "controller",
        image: "registry.k8s.io/ingress-nginx/controller:v1.12.0",
        args: ["/nginx-ingress-controller"],
      },
    ],
  },
  status: {
    phase: "Running",
    podIP: "10.0.9.9",
    conditions: [{ type: "Ready", status: "True" }],
    containerStatuses: [
      {
        name: "controller",
        ready: true,
        restartCount: 0,
        image: "",
        imageID: "",
        containerID: gatewayId,
        state: { running: { startedAt: iso(Date.now() - 3_600_000) } },
      },
    ],
  },
});

const slice = (ready: readonly [boolean, boolean]): object => ({
  apiVersion: "discovery.k8s.io/v1",
  kind: "EndpointSlice",
  metadata: {
    name: "web-1",
    namespace: "shop",
    uid: "slice",
    labels: { "kubernetes.io/service-name": "web" },
  },
  addressType: "IPv4",
  ports: [{ name: "", port: 8080 }],
  endpoints: pods.map((name, i) => ({
    addresses: [`10.0.0.${i + 1}`],
    conditions: { ready: ready[i] },
    targetRef: { kind: "Pod", namespace: "shop", name, uid: `uid-${name}` },
  })),
});

const objects = (): object[] => [
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "IngressClass",
    metadata: { name: "nginx" },
    spec: { controller: "k8s.io/ingress-nginx" },
  },
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name: "web", namespace: "shop" },
    spec: {
      ingressClassName: "nginx",
      rules: [
        {
          host: "shop.example.com",
          http: {
            paths: ["web", "other"].map((name) => ({
              path: name === "web" ? "/cart" : "/other",
              pathType: "Prefix",
              backend: { service: { name, port: { number: 80 } } },
            })),
          },
        },
      ],
    },
  },
  ...["web", "other"].map((name) => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: "shop" },
    spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 8080 }] },
  })),
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "shop", uid: "d", generation: 1 },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { labels: { app: "web" } },
        spec: { containers: [{ name: "app", image: "app:1" }] },
      },
    },
    status: {
      observedGeneration: 1,
      replicas: 2,
      updatedReplicas: 2,
      readyReplicas: 2,
      availableReplicas: 2,
    },
  },
  {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name: `web-${hash}`,
      namespace: "shop",
      uid: "set",
      labels: { app: "web", "pod-template-hash": hash },
      ownerReferences: [
        { apiVersion: "apps/v1", kind: "Deployment", name: "web", uid: "d", controller: true },
      ],
    },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { labels: { app: "web" } },
        spec: { containers: [{ name: "app", image: "app:1" }] },
      },
    },
  },
  {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: "n1" },
    status: { conditions: [{ type: "Ready", status: "True" }] },
  },
  slice([true, true]),
  podText(pods[0], "10.0.0.1"),
  podText(pods[1], "10.0.0.2"),
  gatewayPod(),
];

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

export interface WatchedShop {
  readonly cluster: ServedCluster;
  /** Logs one request that the gateway sent to this pod. */
  request(pod: 0 | 1, status: number): void;
  /** Requests that were logged so far. */
  logged(): number;
  /** The first pod is told to stop, and its endpoint is taken away. */
  deleteFirstPod(): void;
  /** The first pod is no more. */
  removeFirstPod(): void;
  watch(
    args: readonly string[],
    meanwhile?: (child: { kill(signal: NodeJS.Signals): void }) => Promise<void>,
  ): Promise<Ran>;
}

export async function watchedShop(serve: ServeOptions = {}): Promise<WatchedShop> {
  const { log, write } = growingLog();
  const cluster = await serveCluster(evidenceOf(objects(), { collectedAt: new Date().toISOString() }), {
    nowMs: Date.now,
    logSource: { read: (id) => (id === gatewayId ? log : undefined) },
    ...serve,
  });
  closers.push(() => cluster.close());
  let logged = 0;
  const put = (resource: "pods" | "endpointslices", object: object): void =>
    void cluster.store.put(resource, object as KubeObject);
  return {
    cluster,
    request: (pod, status) => {
      logged += 1;
      if (status === 502) write(errorLine(pod));
      write(accessLine(pod, status, logged));
    },
    logged: () => logged,
    deleteFirstPod: () => {
      const first = podText(pods[0], "10.0.0.1") as { readonly metadata: object };
      const goneBy = iso(Date.now() + 30_000);
      put("pods", {
        ...first,
        metadata: { ...first.metadata, deletionTimestamp: goneBy, deletionGracePeriodSeconds: 30 },
      });
      put("endpointslices", slice([false, true]));
    },
    removeFirstPod: () => void cluster.store.remove("pods", pods[0], "shop"),
    watch: (args, meanwhile) => watch(cluster, args, meanwhile),
  };
}

async function watch(
  cluster: ServedCluster,
  args: readonly string[],
  meanwhile: Parameters<WatchedShop["watch"]>[1],
): Promise<Ran> {
  const child = spawn(process.execPath, [main, "watch", ...args], {
    cwd: root,
    env: { ...bareEnvironment, KUBECONFIG: cluster.kubeconfigPath },
  });
  closers.push(() => void child.kill("SIGKILL"));
  const code = new Promise<number | null>((resolve) => void child.once("close", resolve));
  const outputs = Promise.all([text(child.stdout), text(child.stderr)]);
  const isWatching = (): boolean =>
    cluster.requests.some((r) => r.resource === "pods/log" && r.query.get("follow") === "true");
  if (meanwhile !== undefined) {
    for (let i = 0; i < 400 && !isWatching() && child.exitCode === null; i++) await pause(25);
    await meanwhile(child);
  }
  const [stdout, stderr] = await outputs;
  return { stdout, stderr, code: await code };
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function growingLog(): { readonly log: LiveLog; readonly write: (line: string) => void } {
  let bytes = Buffer.alloc(0);
  const listeners = new Set<(line: Uint8Array) => void>();
  return {
    log: {
      bytes: () => bytes,
      follow: (onLine) => {
        listeners.add(onLine);
        return () => listeners.delete(onLine);
      },
    },
    write: (line) => {
      const stamped = Buffer.from(`${new Date().toISOString().replace("Z", "000000Z")} ${line}`);
      bytes = Buffer.concat([bytes, stamped]);
      for (const listener of listeners) listener(stamped);
    },
  };
}

function errorLine(pod: 0 | 1): string {
  const now = new Date().toISOString();
  return `${now.slice(0, 10).replaceAll("-", "/")} ${now.slice(11, 19)} [error] 31#31: *9 connect() failed (111: Connection refused) while connecting to upstream, client: 192.0.2.7, server: shop.example.com, request: "GET /cart HTTP/1.1", upstream: "http://10.0.0.${pod + 1}:8080/cart", host: "shop.example.com"\n`;
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function accessLine(pod: 0 | 1, status: number, n: number): string {
  const now = new Date().toISOString();
  const month = months[Number(now.slice(5, 7)) - 1];
  const local = `${now.slice(8, 10)}/${month}/${now.slice(0, 4)}:${now.slice(11, 19)} +0000`;
  return `192.0.2.7 - - [${local}] "GET /cart HTTP/1.1" ${status} 150 "-" "curl" 80 0.002 [shop-web-80] [] 10.0.0.${pod + 1}:8080 0 0.002 ${status} ${n}\n`;
}
