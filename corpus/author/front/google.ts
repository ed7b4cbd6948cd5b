import { hexOf } from "../ids.ts";
import type { Line } from "../lines.ts";
import type { Seen } from "./front-log.ts";

/**
 * Cloud Logging entries of Google Cloud's Application Load Balancer ("External Application Load Balancer logging").
 * `timestamp` is when the request came in; serverIp names the backend without its port.
 */
export function googleLog(host: string, seen: readonly Seen[], backend: string): Line[] {
  return seen.map((one, i) => ({ atMs: one.atMs, text: JSON.stringify(entryOf(host, backend, one, i)) }));
}

function entryOf(host: string, backend: string, one: Seen, i: number): object {
  const details = one.words ?? (one.answered === undefined ? undefined : "response_sent_by_backend");
  return {
    insertId: hexOf(`${host} ${one.atMs} ${i}`).slice(0, 14),
    httpRequest: {
      requestMethod: one.method,
      requestUrl: `https://${host}${one.path}`,
      requestSize: String(380 + (i % 70)),
      status: one.status,
      responseSize: one.status === 200 ? "2210" : "488",
      userAgent: "Mozilla/5.0 (X11; Linux x86_64) Firefox/143.0",
      remoteIp: `198.51.100.${9 + (i % 40)}`,
      ...(one.target === undefined ? {} : { serverIp: one.target.replace(/:\d+$/, "") }),
      latency: `${(one.elapsedMs / 1000).toFixed(6)}s`,
    },
    jsonPayload: {
      "@type": "type.googleapis.com/google.cloud.loadbalancing.type.LoadBalancerLogEntry",
      ...(details === undefined ? {} : { statusDetails: details }),
    },
    resource: { type: "http_load_balancer", labels: { backend_service_name: backend, zone: "global" } },
    timestamp: new Date(one.atMs - one.elapsedMs).toISOString(),
    severity: one.status >= 500 ? "WARNING" : "INFO",
  };
}
