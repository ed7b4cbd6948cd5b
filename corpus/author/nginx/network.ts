import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";

const ip = (...args: string[]): void => {
  execFileSync("ip", args, { stdio: ["ignore", "ignore", "pipe"] });
};

/**
 * The private network of a recording. Addresses of pods and clients are put on its loopback device,
 * so nginx logs the addresses of the case itself. Runs as root of a network namespace of its own.
 */
export class Network {
  readonly #up = new Set<string>();
  readonly #routed = new Set<string>();

  constructor(localPorts: number | undefined) {
    ip("link", "set", "lo", "up");
    if (localPorts !== undefined)
      writeFileSync("/proc/sys/net/ipv4/ip_local_port_range", `50000 ${50_000 + localPorts - 1}`);
  }

  /** Makes the address answer: listeners can bind it, other ports refuse. */
  present(address: string): void {
    if (this.#up.has(address)) return;
    this.#clearRoute(address);
    ip("address", "add", cidr(address), "dev", "lo");
    this.#up.add(address);
  }

  /** Packets to the address go to nobody: routed to a device where it is not local any more. */
  vanished(address: string): void {
    this.#takeDown(address);
    ip("route", "replace", cidr(address), "dev", "lo");
    this.#routed.add(address);
  }

  unreachable(address: string): void {
    this.#takeDown(address);
    ip("route", "replace", "unreachable", cidr(address));
    this.#routed.add(address);
  }

  #takeDown(address: string): void {
    if (this.#up.delete(address)) ip("address", "del", cidr(address), "dev", "lo");
    this.#clearRoute(address);
  }

  #clearRoute(address: string): void {
    if (this.#routed.delete(address)) ip("route", "del", cidr(address));
  }
}

const cidr = (address: string): string => (address.includes(":") ? `${address}/128` : `${address}/32`);

/** "10.42.2.6:8080" and "[fd00::1]:80" to address and port. */
export function splitAddress(text: string): { address: string; port: number } {
  const at = text.lastIndexOf(":");
  return { address: text.slice(0, at).replace(/^\[|\]$/g, ""), port: Number(text.slice(at + 1)) };
}
