import type { FailureClass, Origin } from "../../../src/logs/traffic.ts";
import type { Sent } from "./send.ts";
import type { Fault } from "./upstreams.ts";

export interface Case {
  readonly status: number;
  readonly attempts: readonly (FailureClass | "fine" | "left")[];
  readonly failure?: FailureClass;
  readonly origin?: Origin;
  /** What connect and header times alone decide, where that differs. */
  readonly timed?: FailureClass;
  readonly sent?: Sent;
  /** How to reach it; a plain proxy_pass to the server of that name when left out. */
  readonly location?: (port: (fault: Fault) => number) => string;
}

export const pass =
  (fault: Fault, scheme = "http") =>
  (port: (fault: Fault) => number): string =>
    `proxy_pass ${scheme}://127.0.0.1:${port(fault)};`;

/** By path: what is done, and what must be found. */
export const cases: Readonly<Record<string, Case>> = {
  refused: { status: 502, attempts: ["connect-refused"], failure: "connect-refused", origin: "gateway" },
  backlog: { status: 504, attempts: ["connect-timeout"], failure: "connect-timeout", origin: "gateway" },
  closed: {
    status: 502,
    attempts: ["closed-before-header"],
    failure: "closed-before-header",
    origin: "gateway",
  },
  reset: {
    status: 502,
    attempts: ["closed-before-header"],
    failure: "closed-before-header",
    origin: "gateway",
  },
  hang: { status: 504, attempts: ["response-timeout"], failure: "response-timeout", origin: "gateway" },
  bigHeader: { status: 502, attempts: ["bad-response"], failure: "bad-response", origin: "gateway" },
  badHeader: { status: 502, attempts: ["bad-response"], failure: "bad-response", origin: "gateway" },
  banner: { status: 9, attempts: ["bad-response"], failure: "bad-response", origin: "gateway" },
  cut: { status: 200, attempts: ["truncated"], failure: "truncated", origin: "gateway" },
  stalled: { status: 200, attempts: ["truncated"], failure: "truncated", origin: "gateway" },
  own502: { status: 502, attempts: ["app-status"], failure: "app-status", origin: "application" },
  own503: { status: 503, attempts: ["app-status"], failure: "app-status", origin: "application" },
  own504empty: { status: 504, attempts: ["app-status"], failure: "app-status", origin: "application" },
  tls: {
    status: 502,
    attempts: ["closed-before-header"],
    failure: "closed-before-header",
    origin: "gateway",
  },
  tlsToPlain: {
    status: 502,
    attempts: ["tls-failure"],
    failure: "tls-failure",
    origin: "gateway",
    timed: "connect-refused",
    location: pass("own502", "https"),
  },
  tlsToClosing: {
    status: 502,
    attempts: ["tls-failure"],
    failure: "tls-failure",
    origin: "gateway",
    timed: "connect-refused",
    location: pass("closed", "https"),
  },
  tlsStalls: {
    status: 504,
    attempts: ["tls-failure"],
    failure: "tls-failure",
    origin: "gateway",
    timed: "connect-timeout",
    location: pass("hang", "https"),
  },
  untrusted: {
    status: 502,
    attempts: ["tls-failure"],
    failure: "tls-failure",
    origin: "gateway",
    timed: "connect-refused",
    location: (port) =>
      `proxy_ssl_verify on; proxy_ssl_trusted_certificate /etc/ssl/certs/ca-certificates.crt; ${pass("tls", "https")(port)}`,
  },
  grpcToHttp: {
    status: 502,
    attempts: ["bad-response"],
    failure: "bad-response",
    origin: "gateway",
    location: (port) => `grpc_pass grpc://127.0.0.1:${port("ok")};`,
  },
  unresolved: {
    status: 502,
    attempts: [],
    failure: "no-endpoint",
    origin: "gateway",
    location: () => 'set $name "orders.invalid"; proxy_pass http://$name;',
  },
  noneAlive: {
    status: 502,
    attempts: ["no-endpoint"],
    failure: "no-endpoint",
    origin: "gateway",
    location: () => "proxy_pass http://all_down;",
  },
  answer503: {
    status: 503,
    attempts: [],
    failure: "no-endpoint",
    origin: "gateway",
    location: () => "return 503;",
  },
  limited: {
    status: 503,
    attempts: [],
    failure: "config-answer",
    origin: "gateway",
    timed: "no-endpoint",
    location: (port) => `limit_req zone=one; ${pass("ok")(port)}`,
  },
  authDown: {
    status: 500,
    attempts: [],
    failure: "config-answer",
    origin: "gateway",
    timed: "unclassified",
    location: (port) => `auth_request /auth; ${pass("ok")(port)}`,
  },
  retried: {
    status: 200,
    attempts: ["connect-refused", "fine"],
    location: () => "proxy_pass http://one_refuses;",
  },
  bothFail: {
    status: 502,
    attempts: ["closed-before-header", "closed-before-header"],
    failure: "closed-before-header",
    origin: "gateway",
    location: () => "proxy_pass http://both_close;",
  },
  errorPage: {
    status: 502,
    attempts: ["connect-refused", "fine"],
    failure: "connect-refused",
    origin: "gateway",
    location: (port) => `proxy_intercept_errors on; error_page 502 @fallback; ${pass("refused")(port)}`,
  },
  left: { status: 499, attempts: ["left"], sent: { leaveAfterMs: 300 }, location: pass("hang") },
  head: {
    status: 502,
    attempts: ["connect-refused"],
    failure: "connect-refused",
    origin: "gateway",
    sent: { method: "HEAD" },
    location: pass("refused"),
  },
  chrome: {
    status: 502,
    attempts: ["closed-before-header"],
    failure: "closed-before-header",
    origin: "gateway",
    sent: { headers: "User-Agent: Mozilla/5.0 Chrome/131.0 Safari/537.36\r\n" },
    location: pass("closed"),
  },
  hostile: {
    status: 502,
    attempts: ["connect-refused"],
    failure: "connect-refused",
    origin: "gateway",
    sent: {
      headers: `User-Agent: x" 200 5 "-" "y" 1 0.0 [a-b-1] [] 10.9.9.9:1 0 0.0 200 z\r\nReferer: http://a/", upstream: "http://6.6.6.6:1/", request: "GET /\r\nX-Request-ID: , 200 : 200\r\n`,
    },
    location: pass("refused"),
  },
  'quo"te\u00c3\u00a9': {
    status: 502,
    attempts: ["closed-before-header"],
    failure: "closed-before-header",
    origin: "gateway",
    location: pass("closed"),
  },
};

export const httpBlock = (port: (fault: Fault) => number): string => `
  limit_req_zone $remote_addr zone=one:1m rate=1r/m;
  upstream all_down { server 127.0.0.1:${port("ok")} down; server 127.0.0.1:${port("closed")} down; }
  upstream one_refuses { server 127.0.0.1:${port("refused")} max_fails=0 weight=100; server 127.0.0.1:${port("ok")} max_fails=0 backup; }
  upstream both_close { server 127.0.0.1:${port("closed")} max_fails=0; server 127.0.0.1:${port("reset")} max_fails=0; }`;

export function serverBlock(port: (fault: Fault) => number): string {
  const locations = Object.entries(cases).map(([path, { location }]) => {
    const body = (location ?? pass(path as Fault))(port);
    return path.includes('"') ? `location ~ ^/quo { ${body} }` : `location = /${path} { ${body} }`;
  });
  return `${locations.join("\n")}
    location = /auth { internal; ${pass("closed")(port)} }
    location @fallback { ${pass("ok")(port)} }
    location /fine { ${pass("ok")(port)} }`;
}
