/**
 * What a recording plays: pods with scripted behaviour behind a real nginx, and requests to it.
 * Plain data, because it is handed to a process of its own.
 */
export interface Script {
  /** "10.42.2.6:8080" → what that pod does. Servers that are not named here answer 200. */
  readonly pods?: Readonly<Record<string, PodScript>>;
  readonly requests: readonly RequestPlan[];
  readonly settings?: GatewaySettings;
  /** From `c.way(service)`: $proxy_upstream_name, host and servers of the one route at "/". */
  readonly upstreamName?: string;
  readonly host?: string;
  readonly servers?: readonly string[];
  /** More routes, or all of them. A route without servers answers 503 as one without endpoints does. */
  readonly routes?: readonly RouteScript[];
  /** Address of the gateway's pod; only seen where nginx logs it. */
  readonly gatewayIp?: string;
  /** Moments at which nginx is reloaded with the same configuration. */
  readonly reloadAtMs?: readonly number[];
  /** Answer of the resolver for every name (routes with `externalName`). */
  readonly resolver?: "not-found" | "failure" | "refused" | "silent";
}

export interface RouteScript {
  readonly path: string;
  readonly upstreamName: string;
  readonly servers?: readonly string[];
  /** Host and port that nginx itself resolves, per request. */
  readonly externalName?: string;
  readonly alternativeUpstreamName?: string;
  /** Status answered without asking any upstream. */
  readonly returns?: number;
  readonly snippet?: string;
}

/** A state for good, or states with the millisecond at which each begins (the first at 0). */
export type PodScript = PodState | readonly (readonly [fromMs: number, state: PodState])[];

export type PodState =
  | ServingState
  | { readonly state: "refusing" | "vanished" | "unreachable" | "draining" };

export interface ServingState {
  readonly state: "serving";
  /** "banner": says something that is no HTTP at once; "h2c": HTTP/2 only, without TLS. */
  readonly protocol?: "http" | "https" | "h2c" | "banner";
  readonly tls?: {
    readonly name?: string;
    readonly expired?: boolean;
    readonly requireClientCertificate?: boolean;
    readonly stall?: boolean;
  };
  readonly answer: Answer;
  /** Answers for paths that begin so; the longest wins. */
  readonly paths?: Readonly<Record<string, Answer>>;
  /** Requests handled at once; the others queue. */
  readonly workers?: number;
}

export interface Answer {
  readonly does: "answer" | "hang" | "close" | "reset" | "truncate" | "stall" | "raw";
  readonly delayMs?: number;
  /** Spread of the delay, evenly: delayMs ± jitterMs, in a fixed order. */
  readonly jitterMs?: number;
  readonly status?: number;
  readonly body?: string;
  readonly bodyBytes?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A connection idle for so long is closed, as an application server does. */
  readonly idleCloseMs?: number;
  /** close and reset: only requests on a reused connection; the first is answered. */
  readonly onlyReused?: boolean;
  /** Acts when the header has come, without reading the body. */
  readonly early?: boolean;
  /** truncate and stall: body bytes sent before. */
  readonly sentBytes?: number;
  /** raw: bytes to send (latin1); the connection is closed after. */
  readonly bytes?: string;
}

export interface RequestPlan {
  readonly path: string;
  readonly method?: string;
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly userAgent?: string;
  /** Client address: "203.0.113.9". A list is used in turn. */
  readonly client?: string | readonly string[];
  readonly bodyBytes?: number;
  /** First request at this millisecond of the recording. */
  readonly atMs?: number;
  readonly times?: number;
  /** From one start to the next. */
  readonly everyMs?: number;
  /** The client leaves after so long. */
  readonly abortAfterMs?: number;
}

/** Settings of ingress-nginx by their own defaults; a case states the same in annotations or ConfigMap. */
export interface GatewaySettings {
  readonly connectTimeoutS?: number;
  readonly readTimeoutS?: number;
  readonly sendTimeoutS?: number;
  readonly tries?: number;
  readonly nextUpstream?: string;
  readonly nextUpstreamTimeoutS?: number;
  /** upstream-keepalive-connections; 0 turns reuse off. */
  readonly keepaliveConnections?: number;
  readonly keepaliveTimeoutS?: number;
  readonly bufferSize?: string;
  readonly buffering?: "on" | "off";
  readonly bodySize?: string;
  readonly backendProtocol?: "HTTP" | "HTTPS" | "GRPC" | "GRPCS";
  readonly sslVerify?: boolean;
  /** limit-rps and limit-connections with the zone's base name, e.g. "shop_cart_9b1d". */
  readonly limitRps?: number;
  readonly limitConnections?: number;
  readonly limitZone?: string;
  readonly workerConnections?: number;
  readonly rlimitNofile?: number;
  /** Size of the range of local ports. */
  readonly localPorts?: number;
  /** Replaces log-format-upstream. */
  readonly logFormat?: string;
  readonly logEscape?: "default" | "json";
  readonly errorLevel?: string;
  readonly httpSnippet?: string;
  readonly serverSnippet?: string;
}
