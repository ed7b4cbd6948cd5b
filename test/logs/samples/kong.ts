/** Composed from kong kong/templates/nginx_kong.lua, sizes from kong/tools/http.lua. */
const who = "203.0.113.9 - - [20/Nov/2026:14:47:01 +0000]";
export const id = "7d3c1a5e0c9b4e1f8a2d6b5c4e3f2a10";
const tail = `"-" "curl/8.11" kong_request_id: "${id}"`;
const json = (message: string): number => `{\n  "message":"${message}",\n  "request_id":"${id}"\n}`.length;
const text = (message: string): number => `${message}\nrequest_id: ${id}\n`.length;
const invalid = "An invalid response was received from the upstream server";

export const samples = {
  success: `${who} "GET /orders HTTP/1.1" 200 1893 ${tail}`,
  bad: `${who} "GET /orders HTTP/1.1" 502 ${json(invalid)} ${tail}`,
  badAsText: `${who} "GET /orders HTTP/1.1" 502 ${text(invalid)} ${tail}`,
  unresolved: `${who} "GET /orders HTTP/1.1" 503 ${json("name resolution failed")} ${tail}`,
  noPeer: `${who} "GET /orders HTTP/1.1" 503 ${json("failure to get a peer from the ring-balancer")} ${tail}`,
  noService: `${who} "GET /orders HTTP/1.1" 503 ${json("no Service found with those values")} ${tail}`,
  timeout: `${who} "GET /orders HTTP/1.1" 504 ${json("The upstream server is timing out")} ${tail}`,
  unexpected: `${who} "GET /orders HTTP/1.1" 500 ${json("An unexpected error occurred")} ${tail}`,
  app503: `${who} "GET /orders HTTP/1.1" 503 1234 ${tail}`,
  head: `${who} "HEAD /orders HTTP/1.1" 502 0 ${tail}`,
  noId: `${who} "GET /orders HTTP/1.1" 400 0 "-" "-" kong_request_id: ""`,
  ipv6: `2001:db8::9 - - [20/Nov/2026:14:47:01 +0000] "GET /orders HTTP/1.1" 502 ${json(invalid)} ${tail}`,
} as const;

/** The error log's line for `unresolved`. */
export const unresolvedError = `2026/11/20 14:47:01 [error] 1315#0: *4821 [lua] init.lua:382: execute(): DNS resolution failed: dns server error: 3 name error. Tried: [["orders.shop.svc:A","dns server error: 3 name error"]], client: 203.0.113.9, server: kong, request: "GET /orders HTTP/1.1", host: "shop.example", request_id: "${id}"`;

export const lines: readonly string[] = Object.values(samples);
