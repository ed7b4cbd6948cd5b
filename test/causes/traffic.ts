import type { Attempt, FailureClass, LoggedRequest, LogHop, Traffic } from "../../src/logs/traffic.ts";

interface RequestOptions extends Partial<Omit<LoggedRequest, "attempts">> {
  readonly attempts?: readonly Partial<Attempt>[];
}

/** A failed request; what is not given is what a plain one has. */
export function request(options: RequestOptions): LoggedRequest {
  const endMs = options.endMs ?? 0;
  const durationMs = options.durationMs ?? 5;
  const attempts = (options.attempts ?? []).map((attempt): Attempt => ({
    address: "10.42.1.5:8080",
    startMs: endMs - durationMs,
    endMs,
    durationMs,
    ...attempt,
  }));
  const failure: FailureClass | undefined = options.failure ?? attempts.at(-1)?.failure;
  return {
    method: "GET",
    path: "/",
    status: 502,
    bodyBytes: 0,
    client: "203.0.113.9",
    line: "",
    ...options,
    startMs: endMs - durationMs,
    endMs,
    durationMs,
    attempts,
    ...(failure === undefined ? {} : { failure }),
  };
}

interface TrafficOptions extends Partial<Traffic> {
  /** Successes beside the failures. */
  readonly succeeded?: number;
}

/** Traffic with the counts that its failed requests give. */
export function traffic(options: TrafficOptions): Traffic {
  const { succeeded = 0, ...given } = options;
  const failures = given.failures ?? [];
  const aborted = given.aborted ?? [];
  const all = [...failures, ...aborted, ...(given.masked ?? [])];
  return {
    fromMs: Math.min(0, ...all.map((r) => r.startMs)),
    toMs: Math.max(0, ...all.map((r) => r.endMs)),
    formats: {},
    requests: all.length + succeeded,
    byStatus: {},
    byMethod: {},
    failures,
    masked: [],
    aborted,
    addresses: new Map(),
    paths: [],
    perMinute: [],
    hasErrorLog: false,
    ...given,
  };
}

/** Traffic as a load balancer's or CDN's log gives it. */
export const outer = (hop: LogHop, format: string, options: TrafficOptions): Traffic =>
  traffic({ hop, formats: { [format]: options.failures?.length ?? 0 }, ...options });
