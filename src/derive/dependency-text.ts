/** An address as written in configuration or a log line. */
export interface WrittenAddress {
  readonly scheme?: string;
  /** Lower case, without brackets and trailing dot. */
  readonly host: string;
  readonly port?: number;
}

const schemePorts: Readonly<Record<string, number>> = {
  http: 80,
  https: 443,
  ws: 80,
  wss: 443,
  redis: 6379,
  rediss: 6379,
  amqp: 5672,
  amqps: 5671,
  postgres: 5432,
  postgresql: 5432,
  mysql: 3306,
  mariadb: 3306,
  mongodb: 27_017,
  sqlserver: 1433,
  nats: 4222,
  ldap: 389,
  ldaps: 636,
  memcached: 11_211,
  mqtt: 1883,
};

const notHosts = /^(localhost|true|false|yes|no|on|off|none|null|undefined|auto|default|all|any)$/;
const label = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;

/** Whether a text can be the host of a remote peer: a DNS name or an address that is not the pod itself. */
export function isPeerHost(host: string): boolean {
  if (isOwnAddress(host) || notHosts.test(host)) return false;
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(host) || (host.includes(":") && /^[0-9a-f:.]+$/.test(host))) return true;
  if (/^v?\d+(\.\d+)*([-+].*)?$/.test(host) || host.length > 253) return false;
  const labels = host.split(".");
  // A Service's name starts with a letter, so a lone "0xdeadbeef" is none.
  if (labels.length === 1 && !/^[a-z]/.test(host)) return false;
  return labels.every((l) => label.test(l)) && /[a-z]/.test(labels.at(-1) ?? "");
}

const isOwnAddress = (host: string): boolean =>
  /^(127\.|0\.0\.0\.0$|localhost\.)/.test(host) || host === "::1" || host === "::" || host === "";

/** What follows these is a file, a socket or a bucket. */
const notPeers = /^(file|unix|sqlite3?|s3a?|gs|abfss?|wasbs?|data|classpath|jar|arn|secret|vault)$/;
/** gRPC target schemes, written with three slashes. */
const resolvers = /^(dns|passthrough|kubernetes|k8s)$/;

/** Every address in a URL-like text; several hosts may share a scheme ("mongodb://a:1,b:2/db"). */
export function urlAddresses(text: string): readonly WrittenAddress[] {
  const found: WrittenAddress[] = [];
  for (const match of text.matchAll(/([a-z][a-z0-9+.-]{1,30}):\/\/(\/?)([^\s/?#"'<>;|`\\]{1,500})/gi)) {
    const scheme = (match[1] ?? "").toLowerCase();
    const authority = match[3] ?? "";
    if (notPeers.test(scheme) || (match[2] === "/" && !resolvers.test(scheme))) continue;
    const hosts = authority.slice(authority.lastIndexOf("@") + 1);
    for (const part of hosts.split(",")) {
      const address = hostAndPort(part);
      if (address === undefined) continue;
      const port = address.port ?? schemePorts[scheme];
      found.push({ scheme, host: address.host, ...(port === undefined ? {} : { port }) });
    }
  }
  return found;
}

/** "host", "host:port" or "[v6]:port"; undefined for anything else. */
export function hostAndPort(text: string): WrittenAddress | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^\s:[\]]+))(?::(\d{1,5}))?$/i.exec(text.trim());
  if (match === null) return undefined;
  const host = (match[1] ?? match[2] ?? "").toLowerCase().replace(/\.$/, "");
  const port = match[3] === undefined ? undefined : Number(match[3]);
  if (!isPeerHost(host) || (port !== undefined && (port < 1 || port > 65_535))) return undefined;
  return port === undefined ? { host } : { host, port };
}

/** Key=value connection strings ("host=db port=5432", "Server=db,1433;"), and Go's "user@tcp(db:3306)/x". */
export function connectionString(text: string): readonly WrittenAddress[] {
  const driver = /@tcp\(([^)\s]+)\)/.exec(text)?.[1];
  if (driver !== undefined)
    return hostAndPort(driver) === undefined ? [] : [hostAndPort(driver) as WrittenAddress];
  const oracle = /^jdbc:oracle:thin:@(?:\/\/)?([^/\s]+)/.exec(text)?.[1];
  if (oracle !== undefined) {
    const address = hostAndPort(oracle.split(":").slice(0, 2).join(":"));
    return address === undefined ? [] : [address];
  }
  const match =
    /(?:^|[;\s])(?:host|hostname|server|data source)\s*=\s*(?:tcp:)?([^;,\s]+)(?:,(\d{1,5}))?/i.exec(text);
  const address = match === null ? undefined : hostAndPort(match[1] ?? "");
  if (address === undefined) return [];
  const port = match?.[2] ?? /(?:^|[;\s])port\s*=\s*(\d{1,5})/i.exec(text)?.[1];
  return [port === undefined ? address : { ...address, port: Number(port) }];
}

/** The address without credentials, path or query: "http://orders:8080", "redis-cart:6379". */
export function addressText(address: WrittenAddress): string {
  const host = address.host.includes(":") ? `[${address.host}]` : address.host;
  const port = address.port === undefined ? "" : `:${address.port}`;
  return address.scheme === undefined ? `${host}${port}` : `${address.scheme}://${host}${port}`;
}
