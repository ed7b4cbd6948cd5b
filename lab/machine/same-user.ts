import { readFileSync } from "node:fs";
import type { Socket } from "node:net";

/**
 * Whether the other end of a connection over loopback is a program of the same user (or of root). Who may write to
 * the lab's API server runs programs as the lab's user; kubectl sends no token without TLS.
 */
export const isOfSameUser = (socket: Socket): boolean => {
  const { remotePort = 0, localPort = 0 } = socket;
  const owner = ownerOf(`${readTable("tcp")}\n${readTable("tcp6")}`, remotePort, localPort);
  return owner !== undefined && (owner === 0 || owner === process.getuid?.());
};

function readTable(name: string): string {
  try {
    return readFileSync(`/proc/net/${name}`, "utf8");
  } catch {
    return "";
  }
}

/**
 * User of the socket of 127.0.0.1 that has this port and is connected to the other one, in the text of
 * /proc/net/tcp and tcp6 (linux Documentation/networking/proc_net_tcp.rst).
 */
export function ownerOf(table: string, localPort: number, remotePort: number): number | undefined {
  for (const line of table.split("\n")) {
    const [, from = "", to = "", , , , , uid] = line.trim().split(/\s+/);
    if (from.endsWith(end(localPort)) && to.endsWith(end(remotePort))) return Number(uid);
  }
  return undefined;
}

/** IPv4, also as the end of an IPv6 address: its four bytes as a number in the order of the machine. */
const end = (port: number): string => `0100007F:${port.toString(16).toUpperCase().padStart(4, "0")}`;
