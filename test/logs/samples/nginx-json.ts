/** JSON log formats of nginx and ingress-nginx (log-format-escape-json), with keys that are in common use. */
const entry = {
  ts: "2026-11-20T14:47:01+00:00",
  remote_addr: "203.0.113.9",
  method: "GET",
  host: "shop.example",
  uri: "/api/orders",
  status: "502",
  request_time: "0.003",
  user_agent: "curl/8.11",
  upstream_addr: "10.42.3.17:8080, 10.42.5.8:8080",
  upstream_status: "502, 502",
  upstream_response_time: "0.001, 0.001",
  proxy_upstream_name: "shop-orders-80",
  req_id: "5e0f3f0c8f5b4a2a9b1d2c3e4f506172",
};
const line = (more: Record<string, unknown>): string => JSON.stringify({ ...entry, ...more });
const success = {
  status: 200,
  upstream_addr: "10.42.3.17:8080",
  upstream_status: "200",
  upstream_response_time: "0.002",
};

export const json = {
  retried: line({}),
  success: line(success),
  masked: line({ status: "200", upstream_status: "502, 200" }),
  noEndpoint: line({ status: "503", upstream_addr: "", upstream_status: "", upstream_response_time: "" }),
  milliseconds: line({ ...success, ts: undefined, msec: "1795186021.250" }),
  localTime: line({ ...success, ts: undefined, time_local: "20/Nov/2026:14:47:01 +0000" }),
  requestLine: line({ method: undefined, uri: undefined, request: "GET /api/orders HTTP/1.1" }),
  nested: JSON.stringify({ time: entry.ts, nginx: { ...entry, ts: undefined } }),
  unquoted: line({}).replace('"502, 502"', "502, 502").replace('"502"', "502"),
} as const;

export const lines: readonly string[] = Object.values(json);
