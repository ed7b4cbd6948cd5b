import type { Answer, PodState, RequestPlan, ServingState } from "./script.ts";

type More = Partial<Omit<Answer, "does">>;

const serving = (answer: Answer, more: Partial<ServingState> = {}): ServingState => ({
  state: "serving",
  answer,
  ...more,
});

/** Answers, for `paths`. */
export const answer = {
  ok: (delayMs = 4, more: More = {}): Answer => ({
    does: "answer",
    status: 200,
    bodyBytes: 640,
    delayMs,
    jitterMs: delayMs / 2,
    ...more,
  }),
  status: (status: number, more: More = {}): Answer => ({
    does: "answer",
    status,
    bodyBytes: 58,
    delayMs: 3,
    ...more,
  }),
  hang: { does: "hang" } as Answer,
  /** FIN after the request, no byte of an answer. */
  close: (delayMs = 2, more: More = {}): Answer => ({ does: "close", delayMs, ...more }),
  /** RST after the request. */
  reset: (delayMs = 2, more: More = {}): Answer => ({ does: "reset", delayMs, ...more }),
  /** Content-Length says more than comes; then FIN. */
  truncate: (bodyBytes: number, sentBytes: number, delayMs = 4): Answer => ({
    does: "truncate",
    bodyBytes,
    sentBytes,
    delayMs,
  }),
  /** A body that stops coming. */
  stall: (bodyBytes: number, sentBytes: number, delayMs = 4): Answer => ({
    does: "stall",
    bodyBytes,
    sentBytes,
    delayMs,
  }),
  raw: (bytes: string, delayMs = 2): Answer => ({ does: "raw", bytes, delayMs }),
  bigHeader: (sizeBytes: number): Answer => ({
    does: "answer",
    status: 200,
    bodyBytes: 640,
    delayMs: 6,
    headers: { "Set-Cookie": `session=${"a".repeat(sizeBytes)}; Path=/` },
  }),
  invalidHeader: {
    does: "raw",
    bytes: "HTTP/1.1 200 OK\r\nX-Trace\u0001: 1\r\nContent-Length: 2\r\n\r\nok",
    delayMs: 3,
  } as Answer,
};

/** States of a pod. */
export const ok = (delayMs?: number, more?: More): ServingState => serving(answer.ok(delayMs, more));
export const answers = (status: number, more?: More): ServingState => serving(answer.status(status, more));
export const hang: ServingState = serving(answer.hang);
export const closes = (delayMs?: number, more?: More): ServingState => serving(answer.close(delayMs, more));
export const resets = (delayMs?: number, more?: More): ServingState => serving(answer.reset(delayMs, more));
/** Says 200 on a fresh connection and closes a reused one when the next request arrives on it. */
export const racesKeepAlive = (how: "close" | "reset" = "close"): ServingState =>
  serving({ ...answer.ok(), does: how, onlyReused: true, delayMs: 0, jitterMs: 0 });
/** One pod with an answer per path: byPath({ "/report": answer.hang }, answer.ok()). */
export const byPath = (paths: Readonly<Record<string, Answer>>, rest: Answer = answer.ok()): ServingState =>
  serving(rest, { paths });
/** So many requests at a time, each so long; the others queue. */
export const busy = (workers: number, delayMs: number): ServingState =>
  serving(answer.ok(delayMs), { workers });
export const https = (tls: NonNullable<ServingState["tls"]> = {}, rest: Answer = answer.ok()): ServingState =>
  serving(rest, { protocol: "https", tls });
export const h2c: ServingState = serving(answer.ok(), { protocol: "h2c" });
export const banner = (bytes: string): ServingState => serving(answer.raw(bytes), { protocol: "banner" });

/** Nothing listens: connections are refused; those that were open are closed, as when a process dies. */
export const refusing: PodState = { state: "refusing" };
/** The address is gone: packets to it are dropped, connections time out. */
export const vanished: PodState = { state: "vanished" };
/** No route to the address (errno 113). */
export const unreachable: PodState = { state: "unreachable" };
/** The listener is closed, running requests finish: what a graceful shutdown looks like. */
export const draining: PodState = { state: "draining" };

export const get = (path: string, more: Partial<RequestPlan> = {}): RequestPlan => ({ path, ...more });
export const post = (path: string, more: Partial<RequestPlan> = {}): RequestPlan => ({
  path,
  method: "POST",
  bodyBytes: 220,
  ...more,
});
