import { hexOf } from "../ids.ts";
import type { Line } from "../lines.ts";
import type { Seen } from "./front-log.ts";

/** Logpush lines of Cloudflare's dataset http_requests; OriginResponseStatus is 0 when the origin sent no answer. */
export function cloudflareLog(host: string, seen: readonly Seen[], originIp = "198.51.100.10"): Line[] {
  return seen.map((one, i) => ({ atMs: one.atMs, text: JSON.stringify(entryOf(host, originIp, one, i)) }));
}

function entryOf(host: string, originIp: string, one: Seen, i: number): object {
  return {
    CacheCacheStatus: "dynamic",
    ClientIP: `203.0.113.${11 + (i % 60)}`,
    ClientRequestHost: host,
    ClientRequestMethod: one.method,
    ClientRequestProtocol: "HTTP/2",
    ClientRequestSource: "eyeball",
    ClientRequestURI: one.path,
    ClientRequestUserAgent: "Mozilla/5.0 (Windows NT 10.0) Chrome/142.0",
    EdgeEndTimestamp: new Date(one.atMs).toISOString(),
    EdgeResponseBytes: one.status === 200 ? 3100 : 5200,
    EdgeResponseStatus: one.status,
    EdgeStartTimestamp: new Date(one.atMs - one.elapsedMs).toISOString(),
    OriginIP: originIp,
    OriginResponseDurationMs: one.elapsedMs,
    OriginResponseStatus: one.answered ?? 0,
    OriginTCPHandshakeDurationMs: one.connectMs ?? 0,
    RayID: hexOf(`${host} ${one.atMs} ${i}`).slice(0, 16),
  };
}
