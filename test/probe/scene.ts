import { createServer, type RequestListener, type Server } from "node:http";
import { connect, type AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { afterEach } from "vitest";
import { evidenceOf, frozenCases } from "../../corpus/frozen-cases.ts";
import { type ServedCluster, type ServeOptions, serveCluster } from "../../lab/api-server/serve.ts";
import type { ProbeReport } from "../../src/report/probe-report.ts";
import type { FlagValues } from "../../src/cli/flags.ts";
import { probeOf } from "../../src/cli/probe/probe-of.ts";
import type { Progress } from "../../src/cli/progress.ts";

export const url = "http://shop.example.com/cart?full=1";

export const silent: Progress = { phase: () => {}, heavyPhase: () => {}, end: () => {} };

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

export async function listening(listener: RequestListener): Promise<number> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => void server.close(() => resolve()));
  });
  return (server.address() as AddressInfo).port;
}

export interface Scene {
  readonly cluster: ServedCluster;
  readonly gateway: string;
  /** What `probe` says of it. */
  probe(more?: FlagValues): Promise<ProbeReport>;
  /** "pod:port" of each forward that was opened. */
  readonly forwarded: string[];
}

/**
 * The recorded cluster of shop.example.com/cart, whose Service leads to port 8081 of pods that declare 8080, with a gateway
 * in front of it and what its pods do at a port.
 */
export async function scene(
  gateway: RequestListener,
  atPort: (pod: string, port: number) => number | undefined,
  options: ServeOptions = {},
): Promise<Scene> {
  const recorded = frozenCases().find((c) => c.id === "target-port-nobody-listens-on");
  if (recorded === undefined) throw new Error("the recorded incident is gone");
  const forwarded: string[] = [];
  const connectInPod = (pod: string, port: number): Duplex => {
    forwarded.push(`${pod}:${port}`);
    // Port 1 of loopback: nothing listens there.
    return connect({ host: "127.0.0.1", port: atPort(pod, port) ?? 1 }).on("error", (error) => {
      error.message = `failed to connect to localhost:${port} inside namespace: dial tcp4 127.0.0.1:${port}: connect: connection refused`;
    });
  };
  const cluster = await serveCluster(await evidenceOf(recorded), { connectInPod, ...options });
  closers.push(() => cluster.close());
  const gatewayPort = await listening(gateway);
  return {
    cluster,
    forwarded,
    gateway: `127.0.0.1:${gatewayPort}`,
    probe: (more = {}) =>
      probeOf(
        {
          values: {
            kubeconfig: cluster.kubeconfigPath,
            "connect-to": `127.0.0.1:${gatewayPort}`,
            "max-time": "5s",
            ...more,
          },
          operands: [url],
          program: "why5xx",
        },
        silent,
      ),
  };
}
