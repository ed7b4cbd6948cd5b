/** Composed from apisix apisix/cli/config.lua; the lists by nginx src/http/ngx_http_upstream.c. */
const who = "203.0.113.9 - - [20/Nov/2026:14:47:01 +0000] shop.example";
const agent = '"-" "curl/8.11"';
const url = '"http://shop.example/orders"';
export const id = "9f0d6c1b2a3e4f5061728394a5b6c7d8";

export const samples = {
  success: `${who} "GET /orders HTTP/1.1" 200 1893 0.019 ${agent} 10.42.3.17:8080 200 0.018 ${url} "${id}"`,
  bothFail: `${who} "GET /orders HTTP/1.1" 502 229 0.003 ${agent} 10.42.3.17:8080, 10.42.5.8:8080 502, 502 0.001, 0.001 ${url} "${id}"`,
  trailing: `${who} "GET /orders HTTP/1.1" 502 229 0.003 ${agent} 10.42.3.17:8080, 10.42.5.8:8080 :  502, 502 :  0.001, 0.001 :  ${url} "${id}"`,
  masked: `${who} "GET /orders HTTP/1.1" 200 512 0.021 ${agent} 10.42.3.17:8080, 10.42.5.8:8080 502, 200 0.001, 0.019 ${url} "${id}"`,
  noNode: `${who} "GET /orders HTTP/1.1" 503 269 0.000 ${agent} - - - "http://shop.example" "${id}"`,
  app502: `${who} "GET /orders HTTP/1.1" 502 4012 0.003 ${agent} 10.42.3.17:8080 502 0.002 ${url} "${id}"`,
  slow: `${who} "GET /orders HTTP/1.1" 504 239 60.001 ${agent} 10.42.3.17:8080 504 60.001 ${url} "${id}"`,
  older: `${who} "GET /orders HTTP/1.1" 502 229 0.003 ${agent} 10.42.3.17:8080 502 0.002 ${url}`,
  noHost: `203.0.113.9 - - [20/Nov/2026:14:47:01 +0000] - "GET / HTTP/1.0" 400 154 0.000 "-" "-" - - - "://" "${id}"`,
  ipv6: `2001:db8::9 - - [20/Nov/2026:14:47:01 +0000] shop.example "GET /orders HTTP/1.1" 502 229 0.003 ${agent} [fd00::17]:8080 502 0.002 ${url} "${id}"`,
} as const;

export const lines: readonly string[] = Object.values(samples);
