import { rm } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { splice } from "../network/splice.ts";

/** Where connections go: a TCP address or a socket file. */
export type DoorTarget = { readonly host: string; readonly port: number } | { readonly path: string };

/** Passes every connection that comes to `at` on to `to`, byte for byte. A socket file reaches across network namespaces. */
export async function forward(
  at: { readonly path: string } | { readonly port: number },
  to: DoorTarget,
): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (socket) =>
    splice(socket, connect({ ...to, allowHalfOpen: true })),
  );
  if ("path" in at) await rm(at.path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen("path" in at ? at : { ...at, host: "127.0.0.1" }, resolve);
  });
  return server;
}
