import { connect, createServer, type Server, type Socket } from "node:net";
import type { Store } from "../../api-server/store.ts";
import { plan } from "../addresses.ts";
import { debounced } from "../debounced.ts";
import type { PodNetwork } from "../pod-network.ts";
import { splice } from "../splice.ts";
import { type ServicePort, servicePorts, type Target } from "./service-endpoints.ts";

export interface RelayOptions {
  readonly store: Store;
  readonly network: PodNetwork;
  /** False: NetworkPolicy loses what this address sends to that port of that address. */
  permits?(from: string, to: Target): boolean;
  /** From a change of endpoints until it holds. Default 50 ms. */
  readonly delayMs?: number;
}

interface Relay {
  port: ServicePort;
  server: Server;
}

/**
 * Makes cluster addresses of Services work as kube-proxy does, by a relay in the root namespace: refused without
 * an endpoint; connections that stand stay. Unlike there the endpoint sees the node's address, and what is
 * wrong with the way to the endpoint breaks an accepted connection: refused becomes reset, lost becomes silence.
 */
export function relayServices(options: RelayOptions): () => Promise<void> {
  const { store, network } = options;
  const relays = new Map<string, Relay>();
  const sockets = new Set<Socket>();
  const addresses = new Set<string>();

  const sync = async (): Promise<void> => {
    const ports = servicePorts(store).filter(({ address }) => address !== plan.dns);
    for (const { address } of ports) {
      if (addresses.has(address)) continue;
      addresses.add(address);
      await network.addRootAddress(address);
    }
    const wanted = new Map(
      ports.filter(({ targets }) => targets.length > 0).map((p) => [`${p.address}:${p.port}`, p]),
    );
    for (const [key, relay] of relays)
      if (!wanted.has(key)) {
        relays.delete(key);
        relay.server.close();
      }
    for (const [key, port] of wanted) {
      const known = relays.get(key);
      if (known !== undefined) known.port = port;
      else relays.set(key, await openRelay(port, options, sockets));
    }
    const gone = [...addresses].filter((address) => !ports.some((p) => p.address === address));
    for (const address of gone) {
      addresses.delete(address);
      await network.removeRootAddress(address);
    }
  };

  const soon = debounced(sync, options.delayMs ?? 50);
  const unsubscribe = store.subscribe(({ resource }) => {
    if (resource === "services" || resource === "endpointslices") soon.call();
  });
  soon.call();
  return async () => {
    unsubscribe();
    await soon.stop();
    for (const { server } of relays.values()) server.close();
    for (const socket of sockets) socket.destroy();
  };
}

async function openRelay(port: ServicePort, options: RelayOptions, sockets: Set<Socket>): Promise<Relay> {
  const server = createServer({ allowHalfOpen: true });
  const relay: Relay = { port, server };
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.once("close", () => sockets.delete(socket));
  };
  server.on("connection", (client) => {
    keep(client);
    const from = client.remoteAddress ?? "";
    const target = choose(relay.port, from);
    if (target === undefined) return void client.resetAndDestroy();
    const isLost = options.network.loses(from, target.host) || options.permits?.(from, target) === false;
    if (isLost) client.on("error", () => {}).resume();
    else splice(client, keep(connect({ ...target, allowHalfOpen: true })));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port.port, port.address, resolve);
  });
  return relay;
}

/** By chance, or always the same one for a client. */
function choose({ targets, isSticky }: ServicePort, from: string): Target | undefined {
  if (!isSticky) return targets[Math.floor(Math.random() * targets.length)];
  const sum = [...from].reduce((hash, char) => (hash * 31 + char.charCodeAt(0)) >>> 0, 7);
  return targets[sum % targets.length];
}
