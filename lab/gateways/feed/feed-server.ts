import { rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import type { Change } from "../../api-server/change-history.ts";
import { StatusError } from "../../api-server/status.ts";
import type { StoredObject } from "../../api-server/stored-object.ts";
import type { Machine } from "../../machine/machine.ts";
import { onJsonLines } from "./json-lines.ts";
import { type FedResource, fedResources, type FeedAnswer, type FeedMessage, type Pace } from "./message.ts";

/** The watches of gateway controllers, over a socket file: it is reachable from the network of every pod. */
export interface Feed {
  /** Connected controllers hear no more of these resources until the returned function is called. */
  hold(resources: readonly FedResource[]): () => void;
  /** Tells the controllers how fast to be, also those that come. */
  setPace(pace: Pace): void;
  close(): Promise<void>;
}

export async function openFeed(machine: Machine, path: string, firstPace: Pace): Promise<Feed> {
  let pace = firstPace;
  const listeners = new Set<Socket>();
  const held: FedResource[] = [];
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("close", () => listeners.delete(socket));
    onJsonLines(socket, (value) => takeOrRefuse(machine, value as FeedAnswer));
    send(socket, { type: "pace", pace });
    for (const resource of fedResources)
      if (!held.includes(resource))
        for (const stored of machine.store.list(resource)) send(socket, putOf(resource, stored));
    send(socket, { type: "synced" });
    listeners.add(socket);
  });
  const unsubscribe = machine.store.subscribe((change) => {
    const message = messageOf(change);
    if (message === undefined || held.includes(message.resource)) return;
    for (const socket of listeners) send(socket, message);
  });
  await listen(server, path);
  return {
    hold: (resources) => {
      held.push(...resources);
      return () => {
        for (const resource of resources) held.splice(held.indexOf(resource), 1);
        for (const socket of listeners) catchUp(machine, socket, resources);
      };
    },
    setPace: (next) => {
      pace = next;
      for (const socket of listeners) send(socket, { type: "pace", pace });
    },
    close: async () => {
      unsubscribe();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of listeners) socket.destroy();
      await closed;
    },
  };
}

type ObjectMessage = Extract<FeedMessage, { readonly key: string }>;

const isFed = (resource: string): resource is FedResource =>
  (fedResources as readonly string[]).includes(resource);

const putOf = (resource: FedResource, { key, object }: StoredObject): ObjectMessage => ({
  type: "put",
  resource,
  key,
  object,
});

function messageOf({ type, resource, object }: Change): ObjectMessage | undefined {
  if (!isFed(resource)) return undefined;
  return type === "DELETED" ? { type: "gone", resource, key: object.key } : putOf(resource, object);
}

/** A watch that begins anew: what is there, and so also what is not. */
function catchUp(machine: Machine, socket: Socket, resources: readonly FedResource[]): void {
  for (const resource of resources) {
    send(socket, { type: "relist", resource });
    for (const stored of machine.store.list(resource)) send(socket, putOf(resource, stored));
  }
  send(socket, { type: "synced" });
}

const send = (socket: Socket, message: FeedMessage): unknown =>
  socket.writable && socket.write(`${JSON.stringify(message)}\n`);

function listen(server: Server, path: string): Promise<void> {
  rmSync(path, { force: true });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
}

/** What the API refuses (a namespace that is being deleted) is lost, as with a real controller. */
function takeOrRefuse(machine: Machine, message: FeedAnswer): void {
  try {
    take(machine, message);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
  }
}

function take(machine: Machine, message: FeedAnswer): void {
  if (message.type === "address") {
    const { namespace, name, ip } = message;
    machine.writes.updateStatus("ingresses", name, namespace, (status) => ({
      ...status,
      loadBalancer: { ingress: [{ ip }] },
    }));
    return;
  }
  const { kind, namespace, name } = message.about;
  const found = machine.store.get(kind === "Pod" ? "pods" : "ingresses", name, namespace);
  if (found === undefined) return;
  const { component, eventType, reason, message: text } = message;
  machine.event(component, { ...found.object, kind }, { type: eventType, reason, message: text });
}
