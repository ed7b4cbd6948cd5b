/** Access lines of a made-up shop behind a gateway, the same ones on every machine: nothing here is random. */
export interface Kind {
  readonly extension: string;
  line(draw: Draw, timeMs: number): string;
}

/** Numbers from 0 to below `limit`, each as likely as any other (Marsaglia's xorshift32). */
export type Draw = (limit: number) => number;

export function newDraw(seed: number): Draw {
  let state = seed;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

const services = Array.from(
  { length: 40 },
  (_, i) => `shop-service${String.fromCharCode(97 + (i % 26))}${i > 25 ? "x" : ""}-80`,
);
const nouns = [
  "orders",
  "carts",
  "items",
  "users",
  "prices",
  "stock",
  "search",
  "images",
  "reviews",
  "coupons",
];
const agents = [
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
  "okhttp/4.12.0",
  "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36",
];
const methods = ["GET", "GET", "GET", "GET", "GET", "POST", "POST", "PUT", "DELETE", "PATCH"];
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

interface Request {
  readonly client: string;
  readonly method: string;
  readonly path: string;
  readonly service: string;
  readonly addresses: readonly string[];
  readonly statuses: readonly string[];
  readonly status: number;
  readonly bytes: number;
  readonly agent: string;
  readonly ms: number;
  readonly requestBytes: number;
  readonly id: string;
}

/** In a thousand requests 6 fail, 2 are saved by a retry and 2 are left by their client. */
function draw(next: Draw): Request {
  const number = skewed(next, services.length);
  const address = (): string => `10.42.${number}.${next(6) + 10}:8080`;
  const chance = next(1000);
  const failed = chance < 6 ? ((502 + next(3)) as number) : undefined;
  const retried = chance === 6 || chance === 7;
  const left = chance === 8 || chance === 9;
  const status = failed ?? (left ? 499 : ([200, 200, 200, 200, 201, 204, 302, 304, 404][next(9)] ?? 200));
  return {
    client: clientOf(skewed(next, 40_000)),
    method: methods[next(methods.length)] ?? "GET",
    path: pathOf(next, nouns[number % nouns.length] ?? ""),
    service: services[number] ?? "",
    addresses: retried ? [address(), address()] : [address()],
    statuses: left ? ["-"] : retried ? ["502", String(status)] : [String(status)],
    status,
    bytes: failed === undefined ? next(20_000) : 150,
    agent: agents[next(agents.length)] ?? "",
    ms: failed === 504 ? 60_000 + next(20) : next(30) * next(30),
    requestBytes: 200 + next(1500),
    id: hex(next) + hex(next) + hex(next) + hex(next),
  };
}

const hex = (next: Draw): string => (next(0x7fffffff) + 0x80000000).toString(16);

/** Small numbers come more often: half of all draws are in the first eighth. */
const skewed = (next: Draw, limit: number): number => Math.floor((next(10_000) / 10_000) ** 3 * limit);

const clientOf = (n: number): string => `${20 + (n % 200)}.${n % 251}.113.${1 + (Math.floor(n / 200) % 254)}`;

function pathOf(next: Draw, noun: string): string {
  switch (next(5)) {
    case 0:
      return `/api/v1/${noun}`;
    case 1:
      return `/api/v1/${noun}/${next(1_000_000)}`;
    case 2:
      return `/api/v1/${noun}/${next(1_000_000)}/details?lang=en&page=${next(20)}`;
    case 3:
      return `/static/${noun}/bundle.js`;
    default:
      return `/${noun}/list?sort=price&q=term${next(5000)}`;
  }
}

const two = (n: number): string => String(n).padStart(2, "0");

let lastSecond = -1;
let lastStamp = "";

function stampOf(timeMs: number): string {
  const second = Math.floor(timeMs / 1000);
  if (second !== lastSecond) {
    const d = new Date(second * 1000);
    lastStamp = `${two(d.getUTCDate())}/${months[d.getUTCMonth()]}/${d.getUTCFullYear()}:${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())} +0000`;
    lastSecond = second;
  }
  return lastStamp;
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

export const ingressNginx: Kind = {
  extension: "log",
  line(next, timeMs) {
    const r = draw(next);
    const lists = `${r.addresses.join(", ")} ${r.addresses.map(() => (r.status >= 499 ? 0 : r.bytes)).join(", ")} ${r.addresses.map(() => seconds(r.ms)).join(", ")} ${r.statuses.join(", ")}`;
    return `${r.client} - - [${stampOf(timeMs)}] "${r.method} ${r.path} HTTP/2.0" ${r.status} ${r.bytes} "https://shop.example/${nouns[r.bytes % 10]}" "${r.agent}" ${r.requestBytes} ${seconds(r.ms)} [${r.service}] [] ${lists} ${r.id}`;
  },
};

export const json: Kind = {
  extension: "json",
  line(next, timeMs) {
    const r = draw(next);
    return JSON.stringify({
      time_iso8601: new Date(timeMs).toISOString(),
      remote_addr: r.client,
      request_method: r.method,
      request_uri: r.path,
      server_protocol: "HTTP/2.0",
      host: "shop.example",
      status: String(r.status),
      body_bytes_sent: String(r.bytes),
      http_user_agent: r.agent,
      request_length: String(r.requestBytes),
      request_time: seconds(r.ms),
      proxy_upstream_name: r.service,
      upstream_addr: r.addresses.join(", "),
      upstream_status: r.statuses.join(", "),
      upstream_response_time: r.addresses.map(() => seconds(r.ms)).join(", "),
      req_id: r.id,
    });
  },
};

/** Fields in the order of the documentation of Application Load Balancer access logs. */
export const alb: Kind = {
  extension: "alb.log",
  line(next, timeMs) {
    const r = draw(next);
    const address = r.addresses.at(-1) ?? "-";
    const failed = r.status === 504 ? "-" : String(r.status);
    const time = new Date(timeMs).toISOString().replace("Z", "000Z");
    return `https ${time} app/shop/50dc6c495c0c9188 ${r.client}:${1024 + (r.bytes % 60_000)} ${address} 0.001 ${seconds(r.ms)} 0.000 ${r.status === 499 ? 460 : r.status} ${failed} ${r.requestBytes} ${r.bytes} "${r.method} https://shop.example:443${r.path} HTTP/2.0" "${r.agent}" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/${r.service}/73e2d6bc24d8a067 "Root=1-58337262-36d228ad5d99923122bbe354" "shop.example" "-" 0 ${time} "forward" "-" "-" "${address}" "${failed}" "-" "-"`;
  },
};
