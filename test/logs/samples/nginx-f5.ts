/** Composed from nginx/kubernetes-ingress internal/configs/version1/nginx.tmpl. */
const who = "10.42.0.1 - - [20/Nov/2026:14:47:01 +0000]";

export const samples = {
  success: `${who} "GET /cart HTTP/1.1" 200 1893 "-" "okhttp/4.12.0" "203.0.113.9"`,
  failed: `${who} "GET /cart HTTP/1.1" 502 157 "-" "curl/8.11" "203.0.113.9"`,
  padded: `${who} "GET /cart HTTP/1.1" 504 569 "-" "Mozilla/5.0 Chrome/131.0" "203.0.113.9, 10.0.0.7"`,
  direct: `${who} "GET /cart HTTP/1.1" 502 157 "-" "curl/8.11" "-"`,
  other: `${who} "GET /cart HTTP/1.1" 502 4012 "-" "curl/8.11" "-"`,
  garbage: `${who} "\\x16\\x03\\x01" 400 157 "-" "-" "-"`,
  quotes: `${who} "GET /a\\x22b HTTP/1.1" 200 5 "-" "x\\x22 \\x22y" "-"`,
  ipv6: `2001:db8::9 - anna [20/Nov/2026:15:47:01 +0100] "GET /cart HTTP/1.1" 502 157 "-" "curl/8.11" "-"`,
} as const;

export const lines: readonly string[] = Object.values(samples);
