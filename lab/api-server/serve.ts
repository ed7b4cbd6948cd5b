import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import type { Evidence } from "../../src/evidence/evidence.ts";
import type { DeniedRule } from "./access.ts";
import { type Certificates, makeCertificates } from "./certificates.ts";
import { openCluster } from "./cluster.ts";
import { openHandler } from "./handle.ts";
import type { Fault } from "./faults.ts";
import { kubeconfigText } from "./kubeconfig.ts";
import type { LogSource } from "./log-source.ts";
import { type ConnectInPod, openPortForwards } from "./port-forward.ts";
import type { LoggedRequest } from "./request-log.ts";
import type { PodUsage } from "./metrics/usage.ts";
import type { Store } from "./store.ts";
import type { Writes } from "./writes.ts";

export interface ServeOptions {
  /** 0 (the default) takes a free one. */
  readonly port?: number;
  /** Required in `Authorization: Bearer`; without it everyone may come in. */
  readonly token?: string;
  /** HTTPS with a certificate made for this run; "mutual" lets in only the client certificate of the kubeconfig. */
  readonly tls?: "server" | "mutual";
  readonly faults?: readonly Fault[];
  readonly denied?: readonly DeniedRule[];
  /** Forbids what the evidence itself could not read (coverage "failed"). */
  readonly denyUnread?: boolean;
  readonly user?: string;
  /** gitVersion, "v1.32.4" by default. */
  readonly version?: string;
  readonly missingLogs?: "error" | "empty";
  readonly continueTokenTtlMs?: number;
  /**
   * Cluster time; by default it stands still at `collectedAt`, so that ages are the same on any day, and is the real
   * time where writes are taken.
   */
  readonly nowMs?: () => number;
  readonly logSource?: LogSource;
  /** Namespace of the kubeconfig's context. */
  readonly namespace?: string;
  /** Takes writes, as a real API server does; read-only without it. */
  readonly writable?: boolean;
  /** What pods use now: serves metrics.k8s.io. */
  readonly podUsage?: () => readonly PodUsage[];
  /** Serves pods/portforward. */
  readonly connectInPod?: ConnectInPod;
}

export interface ServedCluster {
  readonly url: string;
  readonly port: number;
  /** Removed by close(). */
  readonly kubeconfigPath: string;
  readonly kubeconfig: string;
  /** Every request so far, oldest first. */
  readonly requests: readonly LoggedRequest[];
  /** The state: a change made here reaches the watches. */
  readonly store: Store;
  /** Writes for controllers in this process; present when `writable`. */
  readonly writes?: Writes;
  close(): Promise<void>;
}

const fiveMinutesMs = 300_000;
/** Longer than any client keeps one: a connection closed under a request would look like a fault nobody injected. */
const idleConnectionMs = 600_000;

/** Serves evidence as a Kubernetes API on loopback, read-only unless `writable`. */
export async function serveCluster(evidence: Evidence, options: ServeOptions = {}): Promise<ServedCluster> {
  const user = options.user ?? "why5xx";
  const certificates = options.tls === undefined ? undefined : makeCertificates(user);
  const cluster = openCluster(evidence, {
    user,
    version: options.version ?? "v1.32.4",
    denied: options.denied ?? [],
    denyUnread: options.denyUnread ?? false,
    missingLogs: options.missingLogs ?? "error",
    continueTokenTtlMs: options.continueTokenTtlMs ?? fiveMinutesMs,
    writable: options.writable ?? false,
    ...(options.podUsage === undefined ? {} : { podUsage: options.podUsage }),
    ...(options.nowMs === undefined ? {} : { nowMs: options.nowMs }),
    ...(options.logSource === undefined ? {} : { logSource: options.logSource }),
  });
  const requests: LoggedRequest[] = [];
  const handle = openHandler(cluster, {
    requests,
    faults: options.faults ?? [],
    ...(options.token === undefined ? {} : { token: options.token }),
  });
  const server = openServer(certificates, options.tls === "mutual", handle);
  const forwards = openPortForwards(cluster, {
    requests,
    ...(options.token === undefined ? {} : { token: options.token }),
    ...(options.connectInPod === undefined ? {} : { connectInPod: options.connectInPod }),
  });
  const upgraded = new Set<Duplex>();
  server.on("upgrade", (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    upgraded.add(socket);
    socket.on("close", () => upgraded.delete(socket));
    forwards(incoming, socket, head);
  });
  server.keepAliveTimeout = idleConnectionMs;
  await listen(server, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  const url = `${certificates === undefined ? "http" : "https"}://127.0.0.1:${port}`;
  const kubeconfig = kubeconfigText({
    url,
    ...(options.token === undefined ? {} : { token: options.token }),
    ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
    ...(certificates === undefined ? {} : { authority: certificates.authority }),
    ...(certificates !== undefined && options.tls === "mutual"
      ? { clientCertificate: certificates.clientCertificate, clientKey: certificates.clientKey }
      : {}),
  });
  const folder = mkdtempSync(join(tmpdir(), "why5xx-api-"));
  const kubeconfigPath = join(folder, "kubeconfig");
  writeFileSync(kubeconfigPath, kubeconfig, { mode: 0o600 });
  const close = async (): Promise<void> => {
    cluster.writes?.stop();
    rmSync(folder, { recursive: true, force: true });
    for (const socket of upgraded) socket.destroy();
    await closeServer(server);
  };
  const { store, writes } = cluster;
  const running = { url, port, kubeconfigPath, kubeconfig, requests, store, close };
  return writes === undefined ? running : { ...running, writes };
}

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

function openServer(certificates: Certificates | undefined, isMutual: boolean, handle: Handle): Server {
  if (certificates === undefined) return createServer(handle);
  const { key, certificate, authority } = certificates;
  return createTlsServer(
    { key, cert: certificate, ca: authority, requestCert: isMutual, rejectUnauthorized: isMutual },
    handle,
  );
}

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });

/** Open watches and hanging requests are cut, or closing would wait for them. */
const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
