import { accessLine } from "../log-text.ts";

/** Composed from ingress-nginx's default log formats (internal/ingress/controller/config/config.go, today and before 0.26). */
const none = { address: "-", length: "-", times: "-", statuses: "-" };

export const current = {
  success: accessLine(),
  refused: accessLine({ status: 502, body: 150, length: "0", times: "0.001", statuses: "502" }),
  retried: accessLine({
    address: "10.42.3.17:8080, 10.42.5.8:8080",
    length: "0, 1893",
    times: "0.000, 0.018",
    statuses: "502, 200",
  }),
  timedOut: accessLine({
    status: 504,
    body: 160,
    duration: "60.001",
    length: "0",
    times: "60.001",
    statuses: "504",
  }),
  thrice: accessLine({
    status: 504,
    body: 160,
    duration: "180.003",
    address: "10.42.5.8:8080, 10.42.3.17:8080, 10.42.5.8:8080",
    length: "0, 0, 0",
    times: "60.001, 60.001, 60.001",
    statuses: "504, 504, 504",
  }),
  noEndpoint: accessLine({ status: 503, body: 190, ...none }),
  left: accessLine({ status: 499, body: 0, duration: "9.998", length: "0", times: "9.998", statuses: "-" }),
  errorPage: accessLine({
    status: 502,
    address: "10.42.5.9:3000 : 10.42.9.2:8080",
    length: "0 : 1422",
    times: "0.001 : 0.003",
    statuses: "502 : 200",
  }),
  notHttp: accessLine({ status: "009", statuses: "200" }),
  canary: accessLine({ alternative: "shop-orders-canary-80" }),
  ipv6: accessLine({ client: "2001:db8::9", address: "[fd00::17]:8080" }),
  garbage: accessLine({ request: String.raw`\x16\x03\x01\x02\x00\x01`, status: 400, ...none }),
  user: accessLine({ user: "admin" }),
} as const;

const tail = '"-" "curl/8.11" 310 0.005 [shop-orders-80]';
const upstream = "10.42.3.17:8080 0 0.004 502 5e0f3f0c8f5b4a2a9b1d2c3e4f506172";
const request = '[20/Nov/2026:14:47:01 +0000] "GET /api/orders HTTP/1.1" 502 150';

/** Formats before 0.26 and 0.22. */
export const older = {
  clientTwice: `203.0.113.9 - [203.0.113.9] - - ${request} ${tail} [] ${upstream}`,
  beforeAlternative: `203.0.113.9 - [203.0.113.9] - - ${request} ${tail} ${upstream}`,
  withoutAlternative: `203.0.113.9 - - ${request} ${tail} ${upstream}`,
} as const;

export const lines: readonly string[] = [...Object.values(current), ...Object.values(older)];
