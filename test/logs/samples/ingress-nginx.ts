/** As nginx writes them for ingress-nginx (test/logs/real holds a real one to the same format). */
const who = "203.0.113.9 - - [20/Nov/2026:14:47:01 +0000]";
const id = "5e0f3f0c8f5b4a2a9b1d2c3e4f506172";

export const samples = {
  success: `${who} "GET /api/orders HTTP/1.1" 200 1893 "-" "okhttp/4.12.0" 612 0.019 [shop-orders-80] [] 10.42.3.17:8080 1893 0.018 200 ${id}`,
  failed: `${who} "GET /api/orders HTTP/1.1" 502 150 "-" "okhttp/4.12.0" 612 0.000 [shop-orders-80] [] 10.42.3.17:8080 0 0.001 502 ${id}`,
  retried: `${who} "GET /api/orders HTTP/1.1" 200 1893 "-" "okhttp/4.12.0" 612 0.019 [shop-orders-80] [] 10.42.3.17:8080, 10.42.5.8:8080 0, 1893 0.000, 0.018 502, 200 ${id}`,
  noEndpoint: `${who} "GET /login HTTP/2.0" 503 592 "-" "Mozilla/5.0 Chrome/131.0 Safari/537.36" 340 0.000 [shop-web-http] [] - - - - ${id}`,
  fallback: `${who} "GET / HTTP/1.1" 502 1422 "-" "curl/8.11" 80 0.004 [shop-web-http] [] 10.42.5.9:3000 : 10.42.9.2:8080 0 : 1422 0.001 : 0.003 502 : 200 ${id}`,
  garbage: `${who} "\\x16\\x03\\x01" 400 150 "-" "-" 0 0.021 [] [] - - - - ${id}`,
  before026: `203.0.113.9 - [203.0.113.9] - - [20/Nov/2026:14:47:01 +0000] "GET / HTTP/1.1" 502 150 "-" "curl/8.11" 80 0.004 [shop-web-80] [] 10.42.5.9:3000 0 0.001 502 ${id}`,
} as const;

export const lines: readonly string[] = Object.values(samples);
