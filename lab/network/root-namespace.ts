import { writeFileSync } from "node:fs";
import { plan } from "./addresses.ts";
import { ip } from "./run.ts";
import { localTableLast } from "./rules.ts";

/** Device of the root namespace that all pods are plugged into; also the node end of probes. */
export const bridge = "br0";

/**
 * The root of the lab's network: a bridge without a way out. It does not forward, so packets to
 * addresses outside the plan get lost, as behind a firewall.
 */
export async function setUpRoot(nodes: readonly string[]): Promise<void> {
  writeFileSync("/proc/sys/net/ipv4/ip_forward", "0");
  await ip([
    "link set lo up",
    `link add ${bridge} type bridge`,
    `link set ${bridge} up`,
    ...nodes.map((address) => `addr add ${address}/24 dev ${bridge}`),
    ...[plan.pods, ...plan.outside].map((range) => `route add ${range} dev ${bridge} src ${nodes[0]}`),
    ...localTableLast,
  ]);
}
