/** One path of the application and how it answers. */
export interface Route {
  /** Exact, or with "/*" at its end a prefix. */
  readonly path: string;
  readonly method?: string;
  /** Milliseconds: fixed, between two, or growing from one to the other, from the start on or some time after it. */
  readonly latencyMs?: number | readonly [number, number] | Growth;
  readonly status?: number;
  readonly bodyBytes?: number;
  /** Size of one more response header. */
  readonly headerBytes?: number;
  /** Closes the connection after half of the body. */
  readonly cut?: boolean;
  /** Ends the connection instead of answering: politely, or with a reset. */
  readonly closeBeforeHeader?: boolean | "reset";
  /** Closes the connection after a whole answer, without having said so. */
  readonly closeAfter?: boolean;
  /** Ends the process instead of answering: with WORKERS it is one of several. */
  readonly crash?: boolean;
  /** Answers with bytes that are no HTTP. */
  readonly malformed?: "status-line" | "header" | "lengths";
  /** Never comes back: the whole process stands still, as one that waits for its own lock. */
  readonly deadlock?: boolean;
  /** Keeps the processor busy. */
  readonly cpuMs?: number;
  /** Memory that each request leaves behind. */
  readonly allocMb?: number;
  /** Dependency asked before answering. */
  readonly callsUrl?: string;
  readonly callTimeoutMs?: number;
  /** Status when the dependency fails; without it 502, or 504 when it is late. */
  readonly failStatus?: number;
  /** false: answered beside the pool. */
  readonly pool?: boolean;
  /** Only every n-th request of the route is special; the others are answered at once with 200. */
  readonly every?: number;
}

interface Growth {
  readonly from: number;
  readonly to: number;
  readonly overMs: number;
  /** Stays at `from` for so long. */
  readonly afterMs?: number;
}

export interface Config {
  readonly port: number;
  /** Processes that share the port; 0: the first one serves by itself. */
  readonly workers: number;
  readonly host: string;
  /** Of the pod, as its certificate names it. */
  readonly address: string;
  readonly logFormat: "json" | "plain";
  readonly keepAliveMs: number | undefined;
  readonly startDelayMs: number;
  readonly warmUpMs: number;
  /** Added to every request when the warm-up begins, less and less until it is over. */
  readonly warmUpLatencyMs: number;
  readonly shutdown: "graceful" | "abrupt" | "ignore" | "exit-at-once";
  /** Graceful: serves on for so long after SIGTERM before it closes the listener. */
  readonly drainMs: number;
  readonly routes: readonly Route[];
  /** Requests worked on at once; the others wait. */
  readonly pool: number | undefined;
  /** Waiting requests beyond these are answered 503. */
  readonly poolQueue: number | undefined;
  /** Requests that waited longer are answered 503; as with a pool of connections, nobody looks whether a client still waits. */
  readonly poolWaitMs: number | undefined;
  readonly maxConnections: number | undefined;
  /** Answers on one connection; the last one says "Connection: close". */
  readonly maxRequestsPerConnection: number | undefined;
  /** Connections the kernel holds until the application takes them. */
  readonly backlog: number | undefined;
  readonly maxHeaderBytes: number | undefined;
  readonly tls: "valid" | "expired" | "other-name" | undefined;
  /** HTTP/2 without TLS, and nothing else. */
  readonly h2c: boolean;
  readonly readyAfterMs: number;
  /** What requests meet before that: nothing unusual, a closed connection, or no answer ever. */
  readonly beforeReady: "close" | "hang" | undefined;
  readonly health: {
    readonly path: string;
    readonly mode: "independent" | "pool" | "dependency";
    readonly latencyMs: number;
    readonly callsUrl: string | undefined;
  };
  /** Stands still for `ms` every `everyMs`; by the clock: all pods at once, as jobs of a schedule do. */
  readonly pause: { readonly ms: number; readonly everyMs: number; readonly isByClock: boolean } | undefined;
  readonly crash: {
    readonly afterRequests: number | undefined;
    readonly afterMs: number | undefined;
    readonly code: number;
  };
  readonly requiredEnv: readonly string[];
}

type Env = Readonly<Record<string, string | undefined>>;

/** @throws Error when a value cannot be read */
export function readConfig(env: Env): Config {
  const number = (name: string): number | undefined => {
    const value = env[name] === undefined ? undefined : Number(env[name]);
    if (Number.isNaN(value)) throw new Error(`${name} is not a number: ${env[name]}`);
    return value;
  };
  const flag = (name: string): boolean => ["1", "true"].includes(env[name] ?? "");
  return {
    port: number("PORT") ?? 8080,
    workers: number("WORKERS") ?? 0,
    host: env["LISTEN"] ?? env["POD_IP"] ?? "0.0.0.0",
    address: env["POD_IP"] ?? env["LISTEN"] ?? "127.0.0.1",
    logFormat: oneOf(env["LOG_FORMAT"], ["json", "plain"]) ?? "json",
    keepAliveMs: number("KEEP_ALIVE_MS"),
    startDelayMs: number("START_DELAY_MS") ?? 0,
    warmUpMs: number("WARM_UP_MS") ?? 0,
    warmUpLatencyMs: number("WARM_UP_LATENCY_MS") ?? 1000,
    shutdown: oneOf(env["SHUTDOWN"], ["graceful", "abrupt", "ignore", "exit-at-once"]) ?? "graceful",
    drainMs: number("DRAIN_MS") ?? 0,
    routes: JSON.parse(env["ROUTES"] ?? "[]") as Route[],
    pool: number("POOL"),
    poolQueue: number("POOL_QUEUE"),
    poolWaitMs: number("POOL_WAIT_MS"),
    maxConnections: number("MAX_CONNECTIONS"),
    maxRequestsPerConnection: number("MAX_REQUESTS_PER_CONNECTION"),
    backlog: number("BACKLOG"),
    maxHeaderBytes: number("MAX_HEADER_BYTES"),
    tls: env["TLS"] === "1" ? "valid" : oneOf(env["TLS"], ["valid", "expired", "other-name"]),
    h2c: flag("H2C"),
    readyAfterMs: number("READY_AFTER_MS") ?? 0,
    beforeReady: oneOf(env["BEFORE_READY"], ["close", "hang"]),
    health: {
      path: env["HEALTH"] ?? "/healthz",
      mode: oneOf(env["HEALTH_MODE"], ["independent", "pool", "dependency"]) ?? "independent",
      latencyMs: number("HEALTH_LATENCY_MS") ?? 0,
      callsUrl: env["HEALTH_CALLS_URL"],
    },
    pause: readPause(env["PAUSE"]),
    crash: {
      afterRequests: number("CRASH_AFTER_REQUESTS"),
      afterMs: number("CRASH_AFTER_MS"),
      code: number("CRASH_CODE") ?? 1,
    },
    requiredEnv: (env["REQUIRED_ENV"] ?? "").split(",").filter((name) => name !== ""),
  };
}

function oneOf<T extends string>(value: string | undefined, allowed: readonly T[]): T | undefined {
  if (value === undefined || value === "" || value === "0") return undefined;
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw new Error(`${value} is none of ${allowed.join(", ")}`);
  return found;
}

/** "300/2000": 300 ms every 2 s; "300/2000@clock": when the time of day is a multiple of 2 s. */
function readPause(text: string | undefined): Config["pause"] {
  const match = /^(\d+)\/(\d+)(@clock)?$/.exec(text ?? "");
  if (match === null) return undefined;
  return { ms: Number(match[1]), everyMs: Number(match[2]), isByClock: match[3] !== undefined };
}
