import { connect } from "node:net";
import type { KindMap } from "../../../src/evidence/kinds.ts";
import type { Secret } from "kubernetes-types/core/v1";
import { onJsonLines } from "./json-lines.ts";
import { type FedResource, fedResources, type FeedAnswer, type FeedMessage, type Pace } from "./message.ts";

type Fed = Omit<KindMap, "secrets"> & { readonly secrets: Secret };

/** What a gateway's controller knows of the cluster. */
export interface Mirror {
  /** In order of keys. */
  list<R extends FedResource>(resource: R): Fed[R][];
  /** @param key "namespace/name", or "name" when cluster-scoped */
  get<R extends FedResource>(resource: R, key: string): Fed[R] | undefined;
}

export interface OpenMirror extends Mirror {
  pace(): Pace;
  send(answer: FeedAnswer): void;
  close(): void;
}

/**
 * Connects to the lab's feed and resolves when all there is has come.
 * @param onChange told of every change after that; without a key: of any of the resource
 * @param onEnd the feed has ended: the lab is gone
 */
export function openMirror(
  path: string,
  onChange: (resource: FedResource, key: string | undefined) => void,
  onEnd: () => void,
): Promise<OpenMirror> {
  const shelves = new Map<FedResource, Map<string, unknown>>(fedResources.map((r) => [r, new Map()]));
  let pace: Pace = { syncsPerSecond: 1, endpointsDelayMs: 0 };
  const socket = connect(path);
  const mirror: OpenMirror = {
    ...mirrorOf(shelves),
    pace: () => pace,
    send: (answer) => socket.writable && socket.write(`${JSON.stringify(answer)}\n`),
    close: () => socket.destroy(),
  };
  return new Promise((resolve, reject) => {
    let isSynced = false;
    const relisted = new Set<FedResource>();
    onJsonLines(socket, (value) => {
      const message = value as FeedMessage;
      if (message.type === "pace") {
        pace = message.pace;
        return;
      }
      if (message.type === "synced") {
        for (const resource of relisted) onChange(resource, undefined);
        relisted.clear();
        isSynced = true;
        resolve(mirror);
        return;
      }
      const shelf = shelves.get(message.resource)!;
      if (message.type === "put") shelf.set(message.key, message.object);
      else if (message.type === "gone") shelf.delete(message.key);
      else {
        shelf.clear();
        relisted.add(message.resource);
        return;
      }
      if (isSynced && !relisted.has(message.resource)) onChange(message.resource, message.key);
    });
    socket.once("error", reject);
    socket.once("close", onEnd);
  });
}

/** A mirror of objects at hand. */
export const mirrorOf = (shelves: ReadonlyMap<FedResource, ReadonlyMap<string, unknown>>): Mirror => ({
  list: <R extends FedResource>(resource: R) =>
    [...(shelves.get(resource) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, o]) => o as Fed[R]),
  get: <R extends FedResource>(resource: R, key: string) =>
    shelves.get(resource)?.get(key) as Fed[R] | undefined,
});
