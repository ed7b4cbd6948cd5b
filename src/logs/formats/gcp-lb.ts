import type { AccessFields, AttemptFields } from "./access-line.ts";
import { meaningOfGcp } from "./gcp-lb-meaning.ts";
import type { JsonEntry, JsonFormat } from "./json-format.ts";
import {
  countOf,
  momentOf,
  objectOf,
  optional,
  splitUrl,
  statusOf,
  textOf,
  withoutPort,
} from "./json-values.ts";

/**
 * Cloud Logging entries of Google Cloud's Application Load Balancers, by "Logging" of the load balancing guide:
 * `httpRequest` and `jsonPayload.statusDetails` (regional ones: `jsonPayload.proxyStatus`). `timestamp` is when the first
 * front end had the request; the end is `httpRequest.latency` later. Lines can be a sample (`logConfig.sampleRate`).
 */
export const gcpLb: JsonFormat = { name: "gcp-lb", hop: "load-balancer", readEntry };

function readEntry(entry: JsonEntry): AccessFields | undefined {
  const http = objectOf(entry["httpRequest"]);
  if (http === undefined || !isLoadBalancer(entry)) return undefined;
  const start = momentOf(entry["timestamp"]) ?? momentOf(entry["receiveTimestamp"]);
  const status = statusOf(http["status"] ?? 0);
  if (start === undefined || status === undefined) return undefined;
  const url = textOf(http["requestUrl"]) ?? "";
  const { host, path } = splitUrl(url) ?? { host: undefined, path: url };
  const method = textOf(http["requestMethod"]) ?? "";
  const durationMs = latencyMs(http["latency"]);
  const payload = objectOf(entry["jsonPayload"]) ?? {};
  const meaning = meaningOfGcp({
    status,
    details: textOf(payload["statusDetails"]) ?? "",
    proxyStatus: textOf(payload["proxyStatus"]) ?? "",
    durationMs,
  });
  const address = textOf(http["serverIp"]);
  return {
    endMs: start.ms + (durationMs ?? 0),
    exact: start.exact,
    ...optional("durationMs", durationMs),
    method,
    path,
    request: `${method} ${url}`.trim(),
    ...optional("host", host === undefined ? undefined : withoutPort(host)),
    status,
    bodyBytes: countOf(http["responseSize"]) ?? 0,
    ...optional("requestBytes", countOf(http["requestSize"])),
    client: withoutPort(textOf(http["remoteIp"]) ?? ""),
    ...optional("userAgent", textOf(http["userAgent"])),
    ...optional("requestId", textOf(entry["insertId"])),
    ...optional("upstreamName", serviceOf(objectOf(objectOf(entry["resource"])?.["labels"]))),
    attempts: address === undefined ? [] : [attemptOf(address, status, durationMs, meaning)],
    logsUpstream: true,
    ...optional("failure", meaning.failure),
    ...optional("origin", meaning.origin),
    ...optional("originReason", meaning.originReason),
    ...optional("message", meaning.message),
    ...optional("clientLeft", meaning.clientLeft),
    format: gcpLb.name,
    hop: "load-balancer",
  };
}

/** Other services write `httpRequest` too (Cloud Run, App Engine): a load balancer says so by its resource or payload. */
function isLoadBalancer(entry: JsonEntry): boolean {
  const type = objectOf(entry["resource"])?.["type"];
  if (
    typeof type === "string" &&
    /^(?:http_load_balancer|http_external_regional_lb_rule|internal_http_lb_rule)$/.test(type)
  )
    return true;
  const payload = objectOf(entry["jsonPayload"]);
  return (
    payload !== undefined &&
    (typeof payload["statusDetails"] === "string" || typeof payload["proxyStatus"] === "string")
  );
}

function attemptOf(
  address: string,
  status: number,
  durationMs: number | undefined,
  meaning: ReturnType<typeof meaningOfGcp>,
): AttemptFields {
  return {
    address,
    group: 0,
    ...(meaning.answered ? { status } : {}),
    ...optional("durationMs", durationMs),
    ...optional("failure", meaning.failure),
    ...optional("message", meaning.message),
  };
}

/** A Duration in JSON: "0.004120s". */
function latencyMs(value: unknown): number | undefined {
  const text = typeof value === "string" ? /^(\d{1,9}(?:\.\d{1,9})?)s$/.exec(value)?.[1] : undefined;
  return text === undefined ? undefined : Math.round(Number(text) * 1000);
}

/** Names that GKE gives (ingress-gce pkg/utils/namer): "k8s1-CLUSTER-NAMESPACE-SERVICE-PORT-HASH", of Gateways "gkegw1-…". */
function serviceOf(labels: JsonEntry | undefined): string | undefined {
  const name = textOf(labels?.["backend_service_name"]) ?? textOf(labels?.["backend_name"]);
  if (name === undefined) return undefined;
  return /^(?:k8s1|gkegw1)-[a-z0-9]{1,16}-(\S{1,200}-\d{1,5})-[a-z0-9]{1,16}$/.exec(name)?.[1] ?? name;
}
