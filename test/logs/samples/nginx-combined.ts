/** nginx's predefined "combined" format, and what gateways built on nginx put behind it. */
const head = '203.0.113.9 - - [20/Nov/2026:14:47:01 +0000] "GET /api/orders HTTP/1.1"';

export const combined = {
  success: `${head} 200 512 "-" "curl/8.11"`,
  failed: `${head} 502 157 "-" "curl/8.11"`,
  unavailable: `${head} 503 197 "https://shop.example/" "curl/8.11"`,
  forwardedFor: `${head} 504 167 "-" "curl/8.11" "198.51.100.7"`,
} as const;

export const lines: readonly string[] = Object.values(combined);
