import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import type { Stop } from "../machine/machine.ts";
import { splice } from "../network/splice.ts";
import type { Gateway } from "./start-gateway.ts";

/**
 * One port on the loopback device of the root namespace that leads to the gateway's ready pods in turn, for people
 * with curl: the gateway sees the node's address. A connection is closed when no pod is ready.
 */
export async function openFrontDoor(
  gateway: Pick<Gateway, "addresses">,
): Promise<{ readonly port: number; readonly stop: Stop }> {
  const sockets = new Set<Socket>();
  let turn = 0;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    const addresses = gateway.addresses();
    const host = addresses[turn++ % Math.max(1, addresses.length)];
    if (host === undefined) socket.destroy();
    else splice(socket, connect({ host, port: 80, allowHalfOpen: true }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
