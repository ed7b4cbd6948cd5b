import { spawn } from "node:child_process";
import { once } from "node:events";
import { ownFile } from "../../own-file.ts";
import { macOf } from "../addresses.ts";
import { bridge } from "../root-namespace.ts";
import { ip } from "../run.ts";

/** What is wrong with the way between two pods; holds in both directions. */
export interface Disturbance {
  /** Of each packet. */
  readonly delayMs?: number;
  /** Up to so much more, by chance; packets may overtake each other then. */
  readonly jitterMs?: number;
  /** Share of packets that get lost, 0 to 1. */
  readonly lossRatio?: number;
  /** Both ends get a reset once a connection has carried so much; 0: instead of being opened. */
  readonly resetAfterBytes?: number;
  /** As a firewall, a NAT gateway or a load balancer forgets a connection nobody has used for long: the next packet and all after it are lost, or answered with a reset. */
  readonly idle?: { readonly ms: number; readonly answer: "reset" | "silence" };
  /** Of chance. Default 1. */
  readonly seed?: number;
}

export interface Wire {
  /** Hardware address that takes packets for either end. */
  readonly mac: string;
  close(): Promise<void>;
}

const program = ownFile("network/wire/wire.py");

/**
 * @param number its own among all wires of the network
 * @throws Error with what Python said
 */
export async function openWire(
  ends: readonly [string, string],
  disturbance: Disturbance,
  number: number,
): Promise<Wire> {
  const device = `wire${number}`;
  const child = spawn("unshare", ["--net", "--", "sh", "-c", 'echo there; exec python3 "$0"', program], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  child.stdin.on("error", () => {});
  const ended = once(child, "close");
  const says = async (): Promise<void> => {
    const first = await Promise.race([once(child.stdout, "data"), ended]);
    if (!Buffer.isBuffer(first[0])) throw new Error(`the faulty wire did not start: ${said.trim()}`);
  };
  await says();
  const mac = macOf(`0.0.${number >> 8}.${number & 255}`).replace(/^0a/, "0e");
  const pid = child.pid!;
  await ip([
    `link add ${device} type veth peer name eth0 address ${mac} netns ${pid}`,
    `link set ${device} master ${bridge} up`,
  ]);
  await ip(["link set eth0 up"], pid);
  const hardware = Object.fromEntries(ends.map((address) => [address, macOf(address)]));
  child.stdin.write(`${JSON.stringify({ ...disturbance, ends: hardware })}\n`);
  await says();
  return {
    mac,
    close: async () => {
      child.kill("SIGKILL");
      await ended;
      // Gone with its namespace, sooner or later.
      await ip([`link del ${device}`]).catch(() => {});
    },
  };
}
