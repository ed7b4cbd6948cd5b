import { once } from "node:events";
import { type IncomingHttpHeaders, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { KubeObject } from "../../../lab/api-server/stored-object.ts";
import type { StoredResource } from "../../../lab/api-server/stored-kinds.ts";
import { type Feed, openFeed } from "../../../lab/gateways/feed/feed-server.ts";
import type { GatewayName } from "../../../lab/faults/fault.ts";
import { feedPathOf, gatewayImages } from "../../../lab/gateways/gateway-programs.ts";
import type { Machine } from "../../../lab/machine/machine.ts";
import { withCluster } from "./cluster.ts";
import type { PodNetwork } from "../../../lab/network/pod-network.ts";

export interface GatewayStage {
  readonly machine: Machine;
  readonly network: PodNetwork;
  readonly feed: Feed;
  put(resource: StoredResource, object: KubeObject): void;
  /** EndpointSlice of a Service of namespace shop: addresses that are ready at a port. */
  endpoints(service: string, port: number, addresses: readonly string[]): void;
  /** A server in a pod of its own that says its name; `script` handles (request, response). */
  serve(name: string, address: string, port: number, script?: string): Promise<void>;
  /** Starts a gateway's pod and waits until it is healthy. */
  start(pod: string, args?: readonly string[]): Promise<RunningGateway>;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface RunningGateway {
  readonly address: string;
  /** What its container has logged so far. */
  log(): string;
  get(path: string, headers?: Record<string, string>, method?: string): Promise<Answer>;
  /** Waits for a line that matches. */
  line(pattern: RegExp): Promise<string>;
  /** SIGTERM, and the exit code. */
  stop(): Promise<number | null>;
}

export const withGateways = <T>(gateway: GatewayName, use: (stage: GatewayStage) => Promise<T>): Promise<T> =>
  withCluster(async (machine) => {
    const { folder, network, store } = machine;
    const pace = { syncsPerSecond: 20, endpointsDelayMs: 0 };
    const feed = await openFeed(machine, feedPathOf(folder, gateway), pace);
    for (const name of ["shop", "ingress-nginx", "ingress-haproxy"])
      store.put("namespaces", { metadata: { name } });
    const seen = await use({
      machine,
      network,
      feed,
      put: (resource, object) => void store.put(resource, object),
      endpoints: (service, port, addresses) =>
        void store.put("endpointslices", sliceOf(service, port, addresses)),
      serve: (name, address, port, script) => serve(network, name, address, port, script),
      start: (pod, args = []) => start(machine, gatewayImages[gateway], pod, args),
    });
    await feed.close();
    return seen;
  });

const sliceOf = (service: string, port: number, addresses: readonly string[]): KubeObject => ({
  metadata: {
    name: `${service}-x7k2p`,
    namespace: "shop",
    labels: { "kubernetes.io/service-name": service },
  },
  addressType: "IPv4",
  ports: [{ name: "", port, protocol: "TCP" }],
  endpoints: addresses.map((address) => ({
    addresses: [address],
    conditions: { ready: true, serving: true },
  })),
});

const serverScript = `
const [name, address, port, script] = process.argv.slice(1);
const handle = script ? new Function("request", "response", script) : (_, response) => response.end(name);
require("node:http").createServer(handle).listen(Number(port), address, () => console.log("up"));`;

async function serve(
  network: PodNetwork,
  name: string,
  address: string,
  port: number,
  script = "",
): Promise<void> {
  await network.attach(`shop/${name}`, address);
  const args = ["-e", serverScript, name, address, String(port), script];
  const child = network.spawn(`shop/${name}`, process.execPath, args, {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout!, "data");
}

const gatewayAddress = "10.42.250.7";

async function start(
  machine: Machine,
  image: string,
  pod: string,
  args: readonly string[],
): Promise<RunningGateway> {
  const program = machine.programOf(image)!;
  if (machine.network.addressOf(pod) === undefined) await machine.network.attach(pod, gatewayAddress);
  const [namespace = "", name = ""] = pod.split("/");
  machine.store.put("pods", { metadata: { namespace, name, uid: "u" } });
  const child = machine.network.spawn(pod, program.file, [...program.args, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, TMPDIR: machine.folder, ...program.env, POD_NAMESPACE: namespace, POD_NAME: name },
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", (part: string) => (text += part));
  const gateway: RunningGateway = {
    address: gatewayAddress,
    log: () => text,
    get: (path, headers, method) => ask(gatewayAddress, 80, path, headers, method),
    line: (pattern) =>
      waitFor(
        () => text.split("\n").find((line) => pattern.test(line)),
        () => text,
      ),
    stop: async () => {
      child.kill("SIGTERM");
      const [code] = (await once(child, "close")) as [number | null];
      return code;
    },
  };
  await waitFor(
    async () => ((await healthy()) ? true : undefined),
    () => text,
  );
  return gateway;

  async function healthy(): Promise<boolean> {
    const answer = await ask(gatewayAddress, 10254, "/healthz").catch(() => undefined);
    return answer?.status === 200;
  }
}

/** Longer than between two looks of an nginx worker at its backends: all workers have looked. */
const allLookedMs = 1500;

/** Until every look for that long has seen what is wanted. */
export async function steadily(look: () => Promise<boolean>, log: () => string): Promise<void> {
  let sinceMs = performance.now();
  await waitFor(async () => {
    const lookedMs = performance.now();
    if (!(await look())) sinceMs = performance.now();
    return lookedMs - sinceMs > allLookedMs ? true : undefined;
  }, log);
}

/** Until something is there; tells what was logged when it does not come. */
export async function waitFor<T>(
  look: () => T | undefined | Promise<T | undefined>,
  log: () => string,
): Promise<T> {
  const endMs = performance.now() + 60_000;
  while (performance.now() < endMs) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(50);
  }
  throw new Error(`it did not come; logged:\n${log()}`);
}

export function ask(
  host: string,
  port: number,
  path: string,
  headers: Record<string, string> = {},
  method = "GET",
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host, port, path, method, headers, agent: false }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (part: string) => (body += part));
      response.once("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
      response.once("error", reject);
    });
    sent.once("error", reject);
    sent.end();
  });
}
