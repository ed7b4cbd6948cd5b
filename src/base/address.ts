import { BlockList, isIP } from "node:net";

/** Loopback, private and link-local addresses (RFC 1122, 1918, 6598, 4193, 4291). */
const own = new BlockList();
for (const [network, bits] of [
  ["127.0.0.0", 8],
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["100.64.0.0", 10],
  ["169.254.0.0", 16],
] as const)
  own.addSubnet(network, bits, "ipv4");
own.addAddress("::1", "ipv6");
own.addSubnet("fc00::", 7, "ipv6");
own.addSubnet("fe80::", 10, "ipv6");

/** Whether a host can only be this machine's, this network's or this cluster's. */
export function isOwnHost(host: string): boolean {
  const bare = host.toLowerCase().replace(/^\[|\]$/g, "");
  const family = isIP(bare);
  if (family !== 0) return own.check(bare, family === 4 ? "ipv4" : "ipv6");
  return bare === "localhost" || /\.(?:localhost|svc|cluster\.local|local|internal|test)$/.test(bare);
}
