import { answerCutShort, closedWithoutAnswer, noAnswerInTime } from "./send-one.ts";

/** What kept a whole response from coming, as a client sees it. */
export type ErrorKind =
  /** The connection was not taken. */
  | "refused"
  /** The connection was broken off (RST), or written to after the other side had gone. */
  | "reset"
  /** The connection was closed in order, and no response had begun. */
  | "closed"
  /** A response began and did not end. */
  | "cut"
  | "timeout"
  | "unreachable"
  /** The host's name has no address. */
  | "name"
  | "tls"
  | "other";

/** By errno(3), getaddrinfo(3), and Node's and OpenSSL's codes. */
const kinds: readonly (readonly [RegExp, ErrorKind])[] = [
  [/^ECONNREFUSED$/, "refused"],
  [/^(?:ECONNRESET|EPIPE|ECONNABORTED)$/, "reset"],
  [/^(?:EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/, "unreachable"],
  [/^ETIMEDOUT$/, "timeout"],
  [/^(?:ENOTFOUND|EAI_\w+)$/, "name"],
  [/^(?:CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|EPROTO)/, "tls"],
];

export function errorKind(error: string): ErrorKind {
  if (error === closedWithoutAnswer) return "closed";
  if (error === answerCutShort) return "cut";
  if (error === noAnswerInTime) return "timeout";
  return kinds.find(([pattern]) => pattern.test(error))?.[1] ?? "other";
}

/** Nobody took the connection: what is behind it was not asked anything. */
const unconnected: ReadonlySet<ErrorKind> = new Set(["refused", "unreachable", "name", "tls"]);

export const neverConnected = (kind: ErrorKind): boolean => unconnected.has(kind);
