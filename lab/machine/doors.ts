import { rm } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";
import { splice } from "../network/splice.ts";

/** Where connections go: a TCP address or a socket file. */
export type DoorTarget = { readonly host: string; readonly port: number } | { readonly path: string };

/** Passes connections that come to `at` on to `to`, byte for byte, and closes those that are not admitted. A socket file reaches across network namespaces. */
export async function forward(
  at: { readonly path: string } | { readonly port: number },
  to: DoorTarget,
  admits: (socket: Socket) => boolean = () => true,
): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    if (admits(socket)) splice(socket, connect({ ...to, allowHalfOpen: true }));
    else socket.destroy();
  });
  if ("path" in at) await rm(at.path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen("path" in at ? at : { ...at, host: "127.0.0.1" }, resolve);
  });
  return server;
}
