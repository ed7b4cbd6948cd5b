import type { FailureClass, Origin } from "../../../src/logs/traffic.ts";
import { type Backends, timersMs } from "./haproxy.ts";
import type { Sent } from "./send.ts";
import type { Fault } from "./upstreams.ts";

export interface HaproxyCase {
  readonly status: number;
  /** The first two characters of the termination state. */
  readonly state: string;
  readonly attempts: readonly (FailureClass | "fine" | "left")[];
  readonly failure?: FailureClass;
  readonly origin?: Origin;
  readonly left?: true;
  /** The request took at least so long. */
  readonly atLeastMs?: number;
  readonly sent?: Sent;
  /** Lines of its backend; a server of that fault's name when left out, none when it is answered before. */
  readonly backend?: ((port: (fault: Fault) => number) => string) | "none";
}

const gateway = (failure: FailureClass) => ({ failure, origin: "gateway" as const });
const server =
  (fault: Fault, more = "") =>
  (port: (fault: Fault) => number) =>
    `server srv001 127.0.0.1:${port(fault)} ${more}`;

/** By path: what is done, and what must be found. */
export const haproxyCases: Readonly<Record<string, HaproxyCase>> = {
  refused: {
    status: 503,
    state: "SC",
    attempts: ["connect-refused", "connect-refused"],
    ...gateway("connect-refused"),
  },
  backlog: {
    status: 503,
    state: "sC",
    attempts: ["connect-timeout", "connect-timeout"],
    ...gateway("connect-timeout"),
    atLeastMs: 2 * timersMs.connect,
  },
  closed: {
    status: 502,
    state: "SH",
    attempts: ["closed-before-header"],
    ...gateway("closed-before-header"),
  },
  reset: { status: 502, state: "SH", attempts: ["closed-before-header"], ...gateway("closed-before-header") },
  hang: {
    status: 504,
    state: "sH",
    attempts: ["response-timeout"],
    ...gateway("response-timeout"),
    atLeastMs: timersMs.server,
  },
  bigHeader: { status: 502, state: "PH", attempts: ["bad-response"], ...gateway("bad-response") },
  badHeader: { status: 502, state: "PH", attempts: ["bad-response"], ...gateway("bad-response") },
  banner: { status: 502, state: "PH", attempts: ["bad-response"], ...gateway("bad-response") },
  cut: { status: 200, state: "SD", attempts: ["truncated"], ...gateway("truncated") },
  stalled: {
    status: 200,
    state: "sD",
    attempts: ["truncated"],
    ...gateway("truncated"),
    atLeastMs: timersMs.server,
  },
  own502: {
    status: 502,
    state: "--",
    attempts: ["app-status"],
    failure: "app-status",
    origin: "application",
  },
  own503: {
    status: 503,
    state: "--",
    attempts: ["app-status"],
    failure: "app-status",
    origin: "application",
  },
  own504empty: {
    status: 504,
    state: "--",
    attempts: ["app-status"],
    failure: "app-status",
    origin: "application",
  },
  tlsToPlain: {
    status: 503,
    state: "SC",
    attempts: ["connect-refused", "connect-refused"],
    ...gateway("connect-refused"),
    backend: server("own502", "ssl verify none"),
  },
  noServer: { status: 503, state: "SC", attempts: [], ...gateway("no-endpoint"), backend: () => "" },
  disabled: {
    status: 503,
    state: "SC",
    attempts: [],
    ...gateway("no-endpoint"),
    backend: server("ok", "disabled"),
  },
  nowhere: { status: 503, state: "SC", attempts: [], ...gateway("config-answer"), backend: "none" },
  returned: { status: 503, state: "LR", attempts: [], ...gateway("config-answer"), backend: "none" },
  denied: { status: 503, state: "PR", attempts: [], ...gateway("config-answer"), backend: "none" },
  retried: {
    status: 200,
    state: "--",
    attempts: ["connect-refused", "fine"],
    backend: (port) =>
      `balance first\n    server srv001 127.0.0.1:${port("refused")}\n    server srv002 127.0.0.1:${port("ok")}`,
  },
  left: {
    status: 400,
    state: "CH",
    attempts: ["left"],
    left: true,
    sent: { leaveAfterMs: 200 },
    backend: server("hang"),
  },
  leftMidway: {
    status: 200,
    state: "CD",
    attempts: ["fine"],
    left: true,
    sent: { leaveAfterMs: 200 },
    backend: server("stalled"),
  },
};

/** The backends of all cases, one that is full, and one whose server fails its check. */
export const haproxyBackends: Backends = {
  ...Object.fromEntries(
    Object.entries(haproxyCases).flatMap(([name, { backend }]) =>
      backend === "none" ? [] : [[name, backend ?? server(name as Fault)] as const],
    ),
  ),
  full: server("hang", "maxconn 1"),
  shop_orders_8080: server("refused", "check inter 100ms fall 1"),
};
