/**
 * What the gateway's logs say about requests, after parsing and joining: the contract between
 * the log room and everything that weighs causes. Times are milliseconds since the epoch, UTC.
 */

/** What the gateway saw of one failed attempt, decided from log fields, never from the status alone. */
export type FailureClass =
  | "no-endpoint"
  | "connect-refused"
  | "unreachable"
  | "connect-timeout"
  | "closed-before-header"
  | "response-timeout"
  | "bad-response"
  | "tls-failure"
  | "truncated"
  | "local-resource"
  | "config-answer"
  | "app-status"
  | "unclassified";

/** Who minted the status the client saw. */
export type Origin = "application" | "gateway" | "load-balancer" | "cdn" | "unknown";

/** One try of the gateway at one upstream. */
export interface Attempt {
  /** "10.42.3.17:8080", "[fd00::1]:80", an upstream's name when no peer was chosen, or "-". */
  readonly address: string;
  /** The gateway's own label for the attempt; 502 and 504 may be of its own making. */
  readonly status?: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly durationMs?: number;
  /** null: the format logs it and it was "-". Absent: the format does not log it. */
  readonly connectMs?: number | null;
  readonly headerMs?: number | null;
  /** Bytes of response body read from the upstream. */
  readonly responseBytes?: number;
  /** Since the attempt before on that address, logged by the same gateway pod, ended. Absent: none before, or not counted. */
  readonly idleMs?: number;
  /** Absent: the attempt succeeded. */
  readonly failure?: FailureClass;
  /** The error log's words for this attempt, when a line was joined to it. */
  readonly message?: string;
}

export interface LoggedRequest {
  readonly startMs: number;
  readonly endMs: number;
  readonly durationMs: number;
  readonly method: string;
  readonly host?: string;
  readonly path: string;
  readonly status: number;
  readonly bodyBytes: number;
  readonly requestBytes?: number;
  readonly client: string;
  readonly userAgent?: string;
  readonly requestId?: string;
  /** ingress-nginx `$proxy_upstream_name`: NAMESPACE-SERVICE-PORT. */
  readonly upstreamName?: string;
  /** Not empty when a canary took the request. */
  readonly alternativeUpstreamName?: string;
  /** namespace/pod of the gateway that logged it, when known. */
  readonly gatewayPod?: string;
  /** Where the proxy that logged it stands; absent: as the rest of the log says (`Traffic.hop`). */
  readonly hop?: LogHop;
  /** Empty when no upstream was tried. */
  readonly attempts: readonly Attempt[];
  /** Class of what the client got; absent for a success (masked failures are on the attempts). */
  readonly failure?: FailureClass;
  readonly origin?: Origin;
  /** The log's own words that name the origin: "target_status_code is -", "flag UF", "SC--". */
  readonly originReason?: string;
  /** Error-log words that belong to the request and to no attempt ("limiting requests, excess: …"). */
  readonly message?: string;
  /** The raw access line, cut at 2,000 characters; hostile until escaped. */
  readonly line: string;
}

export interface AddressStats {
  readonly attempts: number;
  readonly failed: number;
  readonly byClass: Partial<Record<FailureClass, number>>;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  /** When the last attempt at it began. */
  readonly lastSentMs: number;
  readonly firstSuccessMs?: number;
  readonly lastSuccessMs?: number;
  readonly firstFailureMs?: number;
  readonly lastFailureMs?: number;
}

export interface PathStats {
  /** Path with ids folded: /orders/{id}. */
  readonly template: string;
  readonly requests: number;
  readonly failed: number;
  /** Of the successes; absent when there was none. */
  readonly maxSuccessMs?: number;
  readonly medianSuccessMs?: number;
  /** Durations of the successes. */
  readonly successDurations?: Histogram;
  /** Its requests from the first to the last failure of the route: the denominator of a trouble that was not always there. */
  readonly requestsAmidFailures?: number;
}

export interface Traffic {
  readonly fromMs: number;
  readonly toMs: number;
  /** Formats seen and lines of each: {"ingress-nginx": 1754, "nginx-error": 12}. */
  readonly formats: Readonly<Record<string, number>>;
  readonly requests: number;
  readonly byStatus: Readonly<Record<string, number>>;
  readonly byMethod: Readonly<Record<string, { requests: number; failed: number }>>;
  /** Requests the client saw fail: 502, 503, 504, a gateway's own 500 or 009, or a truncated answer. In order of end. */
  readonly failures: readonly LoggedRequest[];
  /** Requests that a retry saved: at least one failed attempt, then a success. */
  readonly masked: readonly LoggedRequest[];
  /** Status 499: the client left first. */
  readonly aborted: readonly LoggedRequest[];
  /** Per upstream address, successes and failures: the denominators. */
  readonly addresses: ReadonlyMap<string, AddressStats>;
  readonly paths: readonly PathStats[];
  readonly perMinute: readonly {
    readonly fromMs: number;
    readonly requests: number;
    readonly failed: number;
  }[];
  /** Whether nginx error-log lines were among what was read: without them refused and reset look alike. */
  readonly hasErrorLog: boolean;
  /** Set when `failures`, `masked` or `aborted` hit their limit; counts elsewhere stay exact. */
  readonly cut?: string;
  /** How many there are of each, also of those that were left out. */
  readonly outcomes?: { readonly failed: number; readonly masked: number; readonly aborted: number };
  /** Where the logging proxy stands; absent for an in-cluster gateway. */
  readonly hop?: LogHop;
  /** Requests and failures in bins of equal width, those without a request included; at most 4,096. */
  readonly bins?: TimeBins;
  /** Requests and failures of the clients that send most or fail most. */
  readonly clients?: HeavyHitters;
  /** Requests and failures by the gateway pod that logged them ("namespace/pod"; "" when not known). */
  readonly gatewayPods?: ReadonlyMap<string, Share>;
  /** Requests and failures by host, of formats that log it ("" for lines without one); absent: not logged. */
  readonly hosts?: ReadonlyMap<string, Share>;
  /** Sizes of requests (line, headers, body), of the failed and of the others; absent when not logged. */
  readonly requestBytes?: { readonly failed: Histogram; readonly succeeded: Histogram };
  /** Failed attempts and requests without one, all of them, also those left out of `failures`. */
  readonly byClass?: Readonly<Partial<Record<FailureClass, number>>>;
  /** Who minted the 502, 503 and 504, all of them. */
  readonly byOrigin?: Readonly<Partial<Record<Origin, number>>>;
}

export interface Share {
  readonly requests: number;
  readonly failed: number;
}

/** Station of the proxy that wrote a log. */
export type LogHop = "cdn" | "load-balancer" | "gateway" | "mesh";

export interface TimeBins {
  readonly fromMs: number;
  readonly widthMs: number;
  readonly requests: readonly number[];
  readonly failed: readonly number[];
}

/** Counts of the most frequent keys of an unbounded set (Metwally et al., "Space-Saving", 2005). */
export interface HeavyHitters {
  /** Most requests first. Each count is at most `maxError` too high; keys seen more than `maxError` times are all there. */
  readonly keys: readonly (Share & { readonly key: string })[];
  readonly maxError: number;
}

/** Counts of values in bins whose width is an eighth of their size; the bounds of bin i are 2^(i/8) − 1 and 2^((i+1)/8) − 1. */
export interface Histogram {
  bins: Uint32Array | undefined;
  count: number;
  maxMs: number;
}

/** Things a gateway's log says that belong to no single request. */
export type GatewaySignalKind =
  | "no-active-endpoint"
  | "service-not-found"
  | "external-name-refused"
  | "name-not-resolved"
  | "reload"
  | "reload-failed"
  | "reconfigure-failed"
  | "ingress-ignored"
  | "watch-forbidden"
  | "watch-failed"
  | "worker-connections"
  | "descriptors"
  | "no-local-port"
  | "worker-killed"
  | "shutdown"
  | "started"
  | "certificate-problem"
  | "annotation-problem"
  | "lua-error"
  | "throttled"
  | "leader-lost"
  /** A load balancer's TLS listener and a client did not agree. */
  | "client-tls-failed"
  /** A health check or a controller took a server out of a backend, or put it back. */
  | "server-down"
  | "server-up"
  /** No server of a backend is left. */
  | "no-server";

export interface GatewaySignal {
  readonly kind: GatewaySignalKind;
  readonly timeMs?: number;
  readonly gatewayPod?: string;
  /** "shop/cart" when the line names a Service or Ingress; a resource for watch errors. */
  readonly about?: string;
  readonly line: string;
}

/** Things an application's own log says. */
export type AppSignalKind =
  | "listening"
  | "started"
  | "shutdown"
  | "start-failed"
  | "port-in-use"
  | "dns-error"
  | "connect-error"
  | "dependency-refusal"
  | "pool-exhausted"
  /** A call to something outside that took too long or ran into its timeout. */
  | "slow-call"
  | "out-of-memory"
  | "worker-timeout"
  | "worker-killed"
  | "descriptors"
  | "tls-error"
  | "permission-denied"
  | "missing-config"
  | "overload"
  | "request";

export interface AppSignal {
  readonly kind: AppSignalKind;
  readonly pod: string;
  readonly namespace: string;
  readonly container: string;
  readonly previous: boolean;
  readonly timeMs?: number;
  /** listening: the bound address ("127.0.0.1", "::", "*" when not said). */
  readonly address?: string;
  /** listening, port-in-use: the port. */
  readonly port?: number;
  /** dns-error: the name; connect-error, dependency-refusal: "host:port" or what the line names. */
  readonly peer?: string;
  /** connect-error: refused | timeout | reset | unreachable; dns-error: nxdomain | timeout | servfail | unknown. */
  readonly detail?: string;
  /** request: what the application answered. */
  readonly request?: {
    readonly method: string;
    readonly path: string;
    readonly status: number;
    readonly durationMs?: number;
  };
  /** On the first of a kind and subject: how many such lines the stream has, when more than one. */
  readonly count?: number;
  readonly line: string;
}
