import type { HttpResponse, NoResponse } from "./http.ts";

/** What an API call gave: a value, or why not. Nothing here throws, so a failed call cannot lose the others. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure };

export interface Failure {
  readonly kind: FailureKind;
  /** For people: "forbidden: jane cannot list pods in namespace shop". */
  readonly reason: string;
  /** Whether asking again may help. */
  readonly passing: boolean;
  /** What Retry-After asked for. */
  readonly waitMs?: number;
  /** Node's or OpenSSL's error code when there was no response. */
  readonly code?: string;
  /** Who the API server thinks we are, when it said so. */
  readonly user?: string;
}

type FailureKind =
  | "unauthorized"
  | "forbidden"
  | "not-found"
  | "expired"
  | "refused"
  | "busy"
  | "server-error"
  | "unreachable"
  | "certificate"
  | "deadline"
  | "cut"
  | "broken";

const failed = (
  kind: FailureKind,
  reason: string,
  more: Partial<Failure> = {},
): { ok: false; failure: Failure } => ({
  ok: false,
  failure: { kind, reason, passing: false, ...more },
});

const certificateCodes =
  /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|EPROTO)/;

export function noResponse(error: NoResponse, what: string): Answer<never> {
  if (error.code === "deadline")
    return failed("deadline", `${error.message} (${what})`, { code: error.code });
  if (certificateCodes.test(error.code)) return failed("certificate", tlsText(error), { code: error.code });
  const passing = error.code === "ECONNRESET" || error.code === "EPIPE";
  return failed("unreachable", `${error.message || error.code} (${what})`, { code: error.code, passing });
}

const tlsText = (error: NoResponse): string => error.message.split("\n")[0]?.slice(0, 300) ?? error.code;

/** A response that is not 200, in the API server's own words where it has some. */
export function refusal(response: HttpResponse, what: string): Answer<never> {
  const { status } = response;
  const said = statusMessage(response.body);
  const detail = said === "" ? "" : `: ${said}`;
  if (status === 401) return failed("unauthorized", `unauthorized${detail}`);
  if (status === 403) return forbidden(said, what);
  if (status === 404) return failed("not-found", said === "" ? `not found: ${what}` : said);
  if (status === 410) return failed("expired", `the list expired while it was read (410)${detail}`);
  if (status === 429)
    return failed("busy", `too many requests (429)${detail}`, { passing: true, ...retryAfter(response) });
  if (status >= 500) {
    return failed("server-error", `the API server answered ${status}${detail}`, {
      passing: true,
      ...retryAfter(response),
    });
  }
  return failed("refused", `the API server answered ${status}${detail}`);
}

/** RBAC's message is `pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "shop"`. */
function forbidden(said: string, what: string): Answer<never> {
  const user = /User "((?:[^"\\]|\\.)*)"/.exec(said)?.[1];
  const who = user === undefined || user === "" ? "" : `${user} `;
  return failed("forbidden", `forbidden: ${who}cannot ${what}`, user === undefined ? {} : { user });
}

function statusMessage(body: Buffer): string {
  try {
    const parsed: unknown = JSON.parse(body.toString("utf8"));
    const message =
      typeof parsed === "object" && parsed !== null && "message" in parsed ? parsed.message : "";
    return typeof message === "string" ? message.slice(0, 500) : "";
  } catch {
    return "";
  }
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3). */
function retryAfter(response: HttpResponse): { waitMs?: number } {
  const value = response.headers["retry-after"];
  if (value === undefined) return {};
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return { waitMs: Math.max(0, seconds * 1000) };
  const at = Date.parse(value);
  const now = Date.parse(response.headers.date ?? "");
  return Number.isNaN(at) || Number.isNaN(now) ? {} : { waitMs: Math.max(0, at - now) };
}

export function cutAnswer(response: HttpResponse, maxBytes: number): Answer<never> {
  const after = `after ${response.body.length} bytes`;
  if (response.cut === "limit")
    return failed("cut", `the answer is larger than the limit of ${maxBytes} bytes`);
  if (response.cut === "deadline") return failed("deadline", `the deadline passed ${after} of the answer`);
  return failed("broken", `the connection closed ${after} of the answer`, { passing: true });
}

export const brokenJson = (sizeBytes: number): Answer<never> =>
  failed("broken", `broken JSON after ${sizeBytes} bytes`, { passing: true });

export const notAsked = (totalDeadlineMs: number): Answer<never> =>
  failed("deadline", `not read: the total deadline of ${totalDeadlineMs / 1000} s had passed`);
