import type { AccessFields, AttemptFields } from "./formats/access-line.ts";
import type { FailureClass, Origin } from "./traffic.ts";

/** Timers of the gateway that a duration is held against when no error-log line tells the stage. */
export interface Timers {
  readonly connectTimeoutMs: number;
  readonly readTimeoutMs: number;
}

/** ingress-nginx defaults: proxy-connect-timeout 5 s, proxy-read-timeout 60 s. */
export const defaultTimers: Timers = { connectTimeoutMs: 5000, readTimeoutMs: 60_000 };

/** Bytes of nginx's built-in error pages: with `server_tokens off`, and padded for MSIE and Chrome (src/http/ngx_http_special_response.c). */
const builtInPages: Readonly<Record<number, readonly [number, number]>> = {
  500: [170, 572],
  502: [150, 552],
  503: [190, 592],
  504: [160, 562],
};

/** A version in the page ("/1.27.1", "/1.29.4 (distribution)") makes it longer by at most this. */
const maxVersionBytes = 20;

function isBuiltInPage(status: number, bodyBytes: number): boolean {
  const sizes = builtInPages[status];
  return sizes?.some((size) => bodyBytes >= size && bodyBytes <= size + maxVersionBytes) === true;
}

/**
 * Class of one attempt from the access line alone; undefined when it did not fail.
 *
 * nginx itself writes only 502 and 504 into `$upstream_status`, so any other status is the peer's own. For 502 and
 * 504 the response's length, then connect and header times, then the duration decide; a 502 that none of them
 * decides stays unclassified, because a refused connection and a closed one look the same.
 */
export function classOfAttempt(
  attempt: AttemptFields,
  request: AccessFields,
  timers: Timers,
): FailureClass | undefined {
  if (attempt.failure !== undefined) return attempt.failure;
  const { status } = attempt;
  if (request.status === 9 && request.attempts.at(-1) === attempt) return "bad-response";
  if (status === undefined)
    return isNamedUpstream(attempt.address) && request.status === 502 ? "no-endpoint" : undefined;
  if (status === 503) return "app-status";
  if (status !== 502 && status !== 504) return undefined;
  if (isAnswered(attempt, request)) return "app-status";
  if (isNamedUpstream(attempt.address)) return "no-endpoint";
  return status === 504 ? classOf504(attempt, timers) : classOf502(attempt);
}

/** "no live upstreams" and the F5 controller's socket stand where a peer's address would. */
const isNamedUpstream = (address: string): boolean =>
  address !== "-" &&
  (address.includes("nginx-502-server.sock") || (!/:\d+$/.test(address) && !address.startsWith("unix:")));

/** The peer itself sent the status. */
function isAnswered(attempt: AttemptFields, request: AccessFields): boolean {
  if (typeof attempt.headerMs === "number") return true;
  if ((attempt.responseBytes ?? 0) > 0) return true;
  const isLast = request.attempts.at(-1) === attempt;
  if (!isLast || attempt.status !== request.status || request.method === "HEAD") return false;
  if (attempt.responseBytes === 0) return request.bodyBytes === 0;
  return (
    attempt.responseBytes === undefined &&
    request.bodyBytes > 0 &&
    !isBuiltInPage(request.status, request.bodyBytes)
  );
}

/** What a 504 is by connect times, else by the timer that its duration meets; equal timers decide nothing. */
export function classOf504(
  attempt: Pick<AttemptFields, "connectMs" | "durationMs">,
  timers: Timers,
): FailureClass {
  if (attempt.connectMs === null) return "connect-timeout";
  if (attempt.connectMs !== undefined) return "response-timeout";
  const connect = isNear(attempt.durationMs, timers.connectTimeoutMs);
  const read = isNear(attempt.durationMs, timers.readTimeoutMs);
  if (connect === read) return "unclassified";
  return connect ? "connect-timeout" : "response-timeout";
}

/** A timer fires at its time or a little later; nginx's own clock may be behind by a millisecond or two. */
const isNear = (durationMs: number | undefined, timerMs: number): boolean =>
  durationMs !== undefined &&
  durationMs >= timerMs - 10 &&
  durationMs <= timerMs + Math.max(250, timerMs * 0.02);

/** Three seconds are what the kernel waits for an answer to ARP before it says "host unreachable". */
const slowestRefusalMs = 900;

function classOf502(attempt: AttemptFields): FailureClass {
  if (attempt.connectMs === null) {
    return (attempt.durationMs ?? 0) < slowestRefusalMs ? "connect-refused" : "unreachable";
  }
  if (attempt.connectMs === undefined) return "unclassified";
  return (attempt.receivedBytes ?? 0) > 0 ? "bad-response" : "closed-before-header";
}

/** Class of a request that no attempt was made for, from the access line alone. */
export function classWithoutAttempt(request: AccessFields): FailureClass {
  if (request.failure !== undefined) return request.failure;
  if (!request.logsUpstream) return "unclassified";
  if (request.status === 503) {
    const builtIn = isBuiltInPage(503, request.bodyBytes) || request.bodyBytes === 0;
    return builtIn || request.method === "HEAD" ? "no-endpoint" : "config-answer";
  }
  return request.status === 502 ? "no-endpoint" : "unclassified";
}

/** Whether the client saw a failure that is the gateway's business: 502, 503, 504, 009, or a 500 that no peer sent. */
export function isFailedStatus(request: AccessFields): boolean {
  const { status } = request;
  if (request.clientLeft === true) return false;
  if (request.failure !== undefined) return true;
  if (status === 502 || status === 503 || status === 504 || status === 9) return true;
  if (status !== 500) return false;
  if (!request.logsUpstream) return isBuiltInPage(500, request.bodyBytes);
  return request.attempts.every((attempt) => attempt.status === undefined);
}

/** Who minted what the client saw. */
export function originOf(request: AccessFields, failure: FailureClass): Origin {
  if (request.origin !== undefined) return request.origin;
  if (failure === "app-status") return "application";
  if (failure !== "unclassified" || request.logsUpstream) return "gateway";
  return isBuiltInPage(request.status, request.bodyBytes) ? "gateway" : "unknown";
}
