/** Composed from traefik pkg/middlewares/accesslog/logger_formatters.go. */
const who = "203.0.113.9 - - [20/Nov/2026:14:47:01 +0000]";
const router = '"shop-shop-ingress-api@kubernetes"';
const server = '"http://10.42.3.17:8080"';

export const common = {
  success: `${who} "GET /api?page=2 HTTP/2.0" 200 1893 "-" "okhttp/4.12.0" 48119 ${router} ${server} 19ms`,
  failed: `${who} "GET /api HTTP/1.1" 502 11 "-" "curl/8.11" 48120 ${router} ${server} 3ms`,
  dialTimeout: `${who} "GET /slow HTTP/1.1" 504 15 "-" "curl/8.11" 48121 ${router} ${server} 30001ms`,
  timeout: `${who} "GET /slow HTTP/1.1" 504 15 "-" "curl/8.11" 48121 ${router} ${server} 5002ms`,
  handshake: `${who} "GET /slow HTTP/1.1" 504 15 "-" "curl/8.11" 48121 ${router} "https://10.42.3.17:8443" 10004ms`,
  noServer: `${who} "GET /web HTTP/1.1" 503 20 "-" "curl/8.11" 48122 "shop-web@kubernetescrd" "-" 0ms`,
  breaker: `${who} "GET /web HTTP/1.1" 503 19 "-" "curl/8.11" 48122 "shop-web@kubernetescrd" "-" 0ms`,
  app502: `${who} "GET /api HTTP/1.1" 502 91 "-" "curl/8.11" 48120 ${router} ${server} 3ms`,
  app503: `${who} "GET /api HTTP/1.1" 503 20 "-" "curl/8.11" 48120 ${router} ${server} 3ms`,
  app500: `${who} "GET /api HTTP/1.1" 500 21 "-" "curl/8.11" 48120 ${router} ${server} 3ms`,
  tlsOrApp500: `${who} "GET /api HTTP/1.1" 500 21 "-" "curl/8.11" 48120 ${router} "https://[fd00::17]:8443" 3ms`,
  head: `${who} "HEAD /api HTTP/1.1" 502 0 "-" "curl/8.11" 48120 ${router} ${server} 3ms`,
  left: `${who} "GET /slow HTTP/1.1" 499 21 "-" "curl/8.11" 48120 ${router} ${server} 9998ms`,
  notFound: `${who} "GET /nowhere HTTP/1.1" 404 19 "-" "-" 48123 "-" "-" 0ms`,
  ipv6: `2001:db8::9 - anna [20/Nov/2026:15:47:01 +0100] "GET /api HTTP/1.1" 502 11 "https://shop.example/" "curl/8.11" 48120 ${router} "http://[fd00::17]:8080" 3ms`,
  forwarded: `203.0.113.9, 198.51.100.7 - - [20/Nov/2026:14:47:01 +0000] "GET /api HTTP/1.1" 502 11 "-" "curl/8.11" 48120 ${router} ${server} 3ms`,
  imitated: `${who} "GET /api HTTP/1.1" 502 11 "-" "x" 1 "r" "http://6.6.6.6:1" 9ms" 48120 ${router} ${server} 3ms`,
} as const;

export const generic = `${who} "GET /api HTTP/1.1" 502 11 "-" "curl/8.11"`;

export const lines: readonly string[] = Object.values(common);
