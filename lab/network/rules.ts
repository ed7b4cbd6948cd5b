/**
 * Who loses which packets, as routing rules of a network namespace: the only packet filter that needs
 * neither netfilter nor a queueing discipline. Rules name protocols so that ARP is still answered:
 * a lost packet must look lost, not unreachable.
 */

/** Own addresses are looked up after all rules of the lab, not first of all as Linux does. */
export const localTableLast: readonly string[] = ["rule add pref 30000 lookup local", "rule del pref 0"];

/** Order of rules, first match wins. */
const order = { own: 100, cut: 200, allowIn: 1000, denyIn: 2000, allowOut: 3000, denyOut: 4000 } as const;

/** Table with one route: to a neighbour that does not exist. Locally sent packets vanish there; "blackhole" would tell the sender. */
const lostTable = 99;
const nobody = "169.254.1.1";

export const lostRoute: readonly string[] = [
  `route add default via ${nobody} dev eth0 onlink table ${lostTable}`,
  `neigh replace ${nobody} lladdr 02:00:00:00:00:01 dev eth0 nud permanent`,
];

const protocols = ["tcp", "udp"] as const;

/** Rules for the namespace of the receiver: packets from this address or range are lost. */
export const lostFrom = (from: string, device: string, to = "all"): string[] =>
  protocols.map((p) => `pref ${order.cut} from ${from} to ${to} iif ${device} ipproto ${p} blackhole`);

/** Rules for a pod that nobody hears and that hears nobody, except itself. */
export const isolated = (address: string): string[] => [
  ...lostFrom("all", "eth0"),
  `pref ${order.own} from all to ${address} iif lo lookup local`,
  `pref ${order.own} from all to 127.0.0.0/8 iif lo lookup local`,
  ...protocols.map((p) => `pref ${order.cut} from all iif lo ipproto ${p} lookup ${lostTable}`),
];

/** One peer that may talk; without ports it may on all. */
export interface Allowed {
  readonly range: string;
  readonly ports: readonly PortRange[] | "all";
}

export interface PortRange {
  readonly protocol: "tcp" | "udp";
  readonly low: number;
  readonly high: number;
}

/**
 * Above are the ports that the kernel gives to clients (net.ipv4.ip_local_port_range). Rules know no
 * connections: answers to what a pod asked itself are let in by the port they come to.
 */
const lastServerPort = 32_767;

/** The kernel takes 65534 as the highest end of a range (linux include/net/fib_rules.h, fib_rule_port_range_valid). */
const highestPort = 65_534;

function portsText({ protocol, low, high }: PortRange): string {
  if (low <= 1 && high >= highestPort) return `ipproto ${protocol}`;
  const end = Math.min(high, highestPort);
  return `ipproto ${protocol} dport ${low >= end ? low : `${low}-${end}`}`;
}

const allPorts: readonly PortRange[] = protocols.map((protocol) => ({ protocol, low: 1, high: 65_535 }));
const serverPorts: readonly PortRange[] = protocols.map((protocol) => ({
  protocol,
  low: 1,
  high: lastServerPort,
}));

const portsOf = (allowed: Allowed): readonly PortRange[] =>
  allowed.ports === "all" ? allPorts : allowed.ports;

/** Ingress: connections from nobody else. */
export const onlyFrom = (allowed: readonly Allowed[]): string[] => [
  ...allowed.flatMap((a) =>
    portsOf(a).map((p) => `pref ${order.allowIn} from ${a.range} iif eth0 ${portsText(p)} lookup local`),
  ),
  ...serverPorts.map((p) => `pref ${order.denyIn} from all iif eth0 ${portsText(p)} blackhole`),
];

/** Egress of the pod with this address: connections to nobody else. */
export const onlyTo = (address: string, allowed: readonly Allowed[]): string[] => [
  ...[`${address}/32`, "127.0.0.0/8"].map(
    (range) => `pref ${order.allowOut} from all to ${range} iif lo lookup local`,
  ),
  ...allowed.flatMap((a) =>
    portsOf(a).map((p) => `pref ${order.allowOut} from all to ${a.range} iif lo ${portsText(p)} lookup main`),
  ),
  ...serverPorts.map((p) => `pref ${order.denyOut} from all iif lo ${portsText(p)} lookup ${lostTable}`),
];
