import { BlockList, isIP } from "node:net";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy that the environment asks for, as Go's net/http `ProxyFromEnvironment` (and so kubectl)
 * reads it: HTTPS_PROXY or HTTP_PROXY by the server's scheme, lower case too, NO_PROXY as a list of
 * hosts, domain suffixes, addresses, CIDR blocks or "*"; never for loopback.
 */
export function proxyFromEnvironment(server: URL, environment: Environment): string | undefined {
  const name = server.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const proxy = environment[name] || environment[name.toLowerCase()];
  if (proxy === undefined || proxy === "") return undefined;
  const exempt = environment["NO_PROXY"] || environment["no_proxy"] || "";
  if (isExempt(server, exempt)) return undefined;
  return proxy.includes("://") ? proxy : `http://${proxy}`;
}

function isExempt(server: URL, exempt: string): boolean {
  const host = server.hostname.replace(/^\[|\]$/g, "").toLowerCase();
  if (host === "localhost" || host === "::1" || host.startsWith("127.")) return true;
  const port = server.port === "" ? (server.protocol === "https:" ? "443" : "80") : server.port;
  return exempt
    .split(",")
    .map((entry) => entry.trim().toLowerCase())
    .some((entry) => entry !== "" && covers(entry, host, port));
}

function covers(entry: string, host: string, port: string): boolean {
  if (entry === "*") return true;
  if (entry.includes("/")) return inBlock(entry, host);
  const [, name = entry, entryPort] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  if (isIP(entry) !== 0) return entry === host;
  if (entryPort !== undefined && entryPort !== port) return false;
  const suffix = name.replace(/^\*?\./, "");
  const onlySubdomains = name !== suffix;
  return host.endsWith(`.${suffix}`) || (!onlySubdomains && host === suffix);
}

function inBlock(block: string, host: string): boolean {
  const family = isIP(host);
  const [address = "", prefix = ""] = block.split("/");
  if (family === 0 || isIP(address) !== family) return false;
  try {
    const list = new BlockList();
    const type = family === 6 ? "ipv6" : "ipv4";
    list.addSubnet(address, Number(prefix), type);
    return list.check(host, type);
  } catch {
    return false; // "10.0.0.0/eight": Go ignores an entry it cannot read, too
  }
}
