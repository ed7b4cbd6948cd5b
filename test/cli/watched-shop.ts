import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { afterEach } from "vitest";
import type { LiveLog } from "../../lab/api-server/log-source.ts";
import { type ServedCluster, type ServeOptions, serveCluster } from "../../lab/api-server/serve.ts";
import type { KubeObject } from "../../lab/api-server/stored-object.ts";
import { evidenceOf } from "../support/evidence.ts";
import { bareEnvironment, main, type Ran, root } from "./run-program.ts";
import { gatewayId, iso, objects, podText, pods, slice } from "./watched-objects.ts";

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Its log grows while a test runs. */
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
