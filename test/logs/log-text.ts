import type { LogStream } from "../../src/evidence/evidence.ts";
import { type GatewayScan, scanGatewayLogs } from "../../src/logs/scan-gateway.ts";
import type { LoggedRequest } from "../../src/logs/traffic.ts";

export const collectedMs = Date.parse("2026-11-24T12:00:00Z");

export function gatewayStream(text: string | Uint8Array, more: Partial<LogStream> = {}): LogStream {
  const bytes = typeof text === "string" ? Buffer.from(text, "utf8") : text;
  return {
    namespace: "ingress-nginx",
    pod: "controller-1",
    container: "controller",
    name: "controller-1",
    role: "container",
    bytes,
    ...more,
  };
}

export const scanText = (text: string, formats?: Record<string, string>): GatewayScan =>
  scanGatewayLogs([gatewayStream(text)], {
    nowMs: collectedMs,
    ...(formats === undefined ? {} : { formats }),
  });

/** The one request that was kept. */
export function onlyRequest(scan: GatewayScan): LoggedRequest {
  const [entry, ...others] = scan.kept;
  if (entry === undefined || others.length > 0)
    throw new Error(`${scan.kept.length} requests were kept, not one`);
  return entry.request;
}

interface AccessLineParts {
  readonly time?: string;
  readonly request?: string;
  readonly status?: number | string;
  readonly body?: number;
  readonly agent?: string;
  readonly client?: string;
  readonly user?: string;
  readonly duration?: string;
  readonly upstream?: string;
  readonly alternative?: string;
  readonly address?: string;
  readonly length?: string;
  readonly times?: string;
  readonly statuses?: string;
  readonly requestId?: string;
}

/** One line of ingress-nginx's default format. */
export function accessLine(parts: AccessLineParts = {}): string {
  const p = {
    time: "20/Nov/2026:14:47:01 +0000",
    request: "GET /api/orders HTTP/1.1",
    status: 200,
    body: 512,
    agent: "curl/8.11",
    client: "203.0.113.9",
    user: "-",
    duration: "0.005",
    upstream: "shop-orders-80",
    alternative: "",
    address: "10.42.3.17:8080",
    length: "512",
    times: "0.004",
    statuses: "200",
    requestId: "5e0f3f0c8f5b4a2a9b1d2c3e4f506172",
    ...parts,
  };
  const upstream = `${p.address} ${p.length} ${p.times} ${p.statuses} ${p.requestId}`;
  return `${p.client} - ${p.user} [${p.time}] "${p.request}" ${p.status} ${p.body} "-" "${p.agent}" 310 ${p.duration} [${p.upstream}] [${p.alternative}] ${upstream}`;
}

/** A failed request of one attempt. */
export const failedLine = (status: number, parts: AccessLineParts = {}): string =>
  accessLine({ status, body: status === 504 ? 160 : 150, length: "0", statuses: String(status), ...parts });

interface ErrorLineParts {
  readonly time?: string;
  readonly level?: string;
  readonly connection?: number;
  readonly client?: string;
  readonly request?: string;
  readonly upstream?: string;
  readonly more?: string;
}

export function errorLine(message: string, parts: ErrorLineParts = {}): string {
  const p = {
    time: "2026/11/20 14:47:01",
    level: "error",
    connection: 48211,
    client: "203.0.113.9",
    request: "GET /api/orders HTTP/1.1",
    upstream: "http://10.42.3.17:8080/api/orders",
    more: "",
    ...parts,
  };
  const upstream = p.upstream === "" ? "" : `, upstream: "${p.upstream}"`;
  return `${p.time} [${p.level}] 31#31: *${p.connection} ${message}, client: ${p.client}, server: shop.example, request: "${p.request}"${upstream}, host: "shop.example"${p.more}`;
}
