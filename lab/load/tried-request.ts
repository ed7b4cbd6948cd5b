/** One request of the lab's client, as the client saw it. Times are milliseconds since the epoch. */
export interface TriedRequest {
  /** Sent as X-Request-ID, so that the gateway's log names it. */
  readonly id: string;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly client: string;
  /** When it was due: the load is open-loop, a late request counts from here. */
  readonly dueMs: number;
  readonly startMs: number;
  readonly endMs: number;
  /** Absent: no answer. */
  readonly status?: number;
  /** Why there was no answer, or that the body was cut: "ECONNRESET", "truncated", "timeout". */
  readonly error?: string;
}

/** What a client sends: a steady, seeded, open-loop stream on paths with weights. */
export interface Traffic {
  readonly host: string;
  readonly paths: readonly {
    readonly path: string;
    readonly method: string;
    readonly weight: number;
    readonly bodyBytes?: number;
  }[];
  readonly perSecond: number;
  /** Client addresses. */
  readonly clients: readonly string[];
  /** Milliseconds after which a client leaves; absent: it waits 75 s. */
  readonly patienceMs?: number;
  /** Rates over time, as factors of `perSecond` from a moment on; absent: steady. */
  readonly shape?: readonly { readonly fromMs: number; readonly factor: number }[];
  /** Random arrivals of that rate (the default), or evenly spaced ones. */
  readonly arrivals?: "poisson" | "constant";
  /** Instead of `perSecond`: waits between one request and the next, in turn, over and over. */
  readonly gapsMs?: readonly number[];
  /** Share of requests that come on a connection of their own, 0 to 1; the others reuse connections. Default 0.5. */
  readonly freshShare?: number;
  /** Connections that are opened at the beginning and held without a request. */
  readonly idleConnections?: number;
}
