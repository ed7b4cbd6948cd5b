import type { AccessFields } from "./access-line.ts";
import type { JsonEntry, JsonFormat } from "./json-format.ts";
import { fieldsFrom } from "./nginx-variables.ts";

/**
 * JSON access lines whose template is not known. Key names are free, so this goes by the names in
 * common use for each nginx variable; with the template at hand `nginxLogFormat` is exact.
 */
export const nginxJson: JsonFormat = {
  name: "nginx-json",
  readEntry(entry: JsonEntry): AccessFields | undefined {
    const values = new Map<string, string>();
    collect(entry, values, new Map(), 0);
    // What a client sent is at the front, what the nearest proxy saw at the end.
    const client = values.get("remote_addr");
    if (client?.includes(",") === true)
      values.set("remote_addr", client.slice(client.lastIndexOf(",") + 1).trim());
    const isAccess = values.has("request_method") || values.has("request");
    return isAccess ? fieldsFrom(values) : undefined;
  },
};

const keysOf: Readonly<Record<string, readonly string[]>> = {
  msec: ["msec", "ts", "time", "timestamp", "@timestamp"],
  time_iso8601: ["time_iso8601", "@timestamp", "timestamp", "time", "ts", "datetime", "date"],
  time_local: ["time_local", "timelocal", "timestamp", "time", "ts", "@timestamp"],
  remote_addr: [
    "remote_addr",
    "client_ip",
    "clientip",
    "remote_ip",
    "remoteaddr",
    "client",
    "ip",
    "remote_address",
    "x_forwarded_for",
    "http_x_forwarded_for",
  ],
  host: ["host", "vhost", "http_host", "server_name", "domain", "request_host"],
  request: ["request", "request_line"],
  request_method: ["request_method", "method", "verb", "http_method"],
  request_uri: ["request_uri", "uri", "path", "url", "request_path", "requesturi"],
  server_protocol: ["server_protocol", "request_proto", "protocol", "proto", "http_version"],
  status: ["status", "response_status", "status_code", "code", "http_status", "response_code"],
  body_bytes_sent: ["body_bytes_sent", "bytes_sent", "bytes", "size", "response_size"],
  request_length: ["request_length", "request_size", "bytes_received"],
  request_time: ["request_time", "duration", "response_time", "req_time", "requesttime", "latency"],
  http_user_agent: ["http_user_agent", "user_agent", "useragent", "agent", "ua"],
  req_id: ["req_id", "request_id", "requestid", "x_request_id", "x-request-id"],
  proxy_upstream_name: ["proxy_upstream_name", "upstream_name", "proxyupstreamname"],
  proxy_alternative_upstream_name: ["proxy_alternative_upstream_name"],
  namespace: ["namespace", "ingress_namespace", "k8s_namespace"],
  service_name: ["service_name", "service", "k8s_service"],
  service_port: ["service_port", "k8s_service_port"],
  upstream_addr: ["upstream_addr", "upstream_address", "upstreamaddr", "upstream", "upstream_host"],
  upstream_status: ["upstream_status", "upstreamstatus", "upstream_response_status", "upstream_code"],
  upstream_response_time: ["upstream_response_time", "upstream_time", "upstreamtime", "upstream_duration"],
  upstream_response_length: ["upstream_response_length", "upstream_bytes", "upstream_length"],
  upstream_connect_time: ["upstream_connect_time"],
  upstream_header_time: ["upstream_header_time"],
  upstream_bytes_received: ["upstream_bytes_received"],
};

interface Meant {
  readonly variable: string;
  /** Place among the keys of the variable: the likeliest first. */
  readonly rank: number;
}

const meantByKey: ReadonlyMap<string, readonly Meant[]> = invert();

function invert(): Map<string, Meant[]> {
  const byKey = new Map<string, Meant[]>();
  for (const [variable, keys] of Object.entries(keysOf)) {
    for (const [rank, key] of keys.entries()) byKey.set(key, [...(byKey.get(key) ?? []), { variable, rank }]);
  }
  return byKey;
}

/** Of several keys for one variable the likeliest counts, wherever it stands. */
function collect(
  entry: JsonEntry,
  values: Map<string, string>,
  ranks: Map<string, number>,
  depth: number,
): void {
  for (const [key, value] of Object.entries(entry)) {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      if (depth < 2) collect(value as JsonEntry, values, ranks, depth + 1);
      continue;
    }
    if (typeof value !== "string" && typeof value !== "number") continue;
    for (const { variable, rank } of meantByKey.get(key.toLowerCase()) ?? []) {
      const place = rank + depth * deeper;
      if (place >= (ranks.get(variable) ?? Number.POSITIVE_INFINITY)) continue;
      ranks.set(variable, place);
      values.set(variable, String(value));
    }
  }
}

/** Of keys that are not nested, the one that counts for each variable. */
export function keyOfVariables(keys: readonly string[]): ReadonlyMap<string, string> {
  const keyOf = new Map<string, string>();
  const ranks = new Map<string, number>();
  for (const key of keys) {
    for (const { variable, rank } of meantByKey.get(key.toLowerCase()) ?? []) {
      if (rank >= (ranks.get(variable) ?? Number.POSITIVE_INFINITY)) continue;
      ranks.set(variable, rank);
      keyOf.set(variable, key);
    }
  }
  return keyOf;
}

/** A key further in comes after every key further out. */
const deeper = 100;
