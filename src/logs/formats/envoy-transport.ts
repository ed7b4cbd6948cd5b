import type { FailureClass } from "../traffic.ts";

/**
 * The words of `%RESPONSE_CODE_DETAILS%` and `%UPSTREAM_TRANSPORT_FAILURE_REASON%` for a connection that failed:
 * "delayed_connect_error:_111" (later ":_Connection_refused"), "TLS_error:|268435703:SSL_routines:…:TLS_error_end",
 * "connection_timeout" (envoy source/common/network/connection_impl.cc, source/common/tls/ssl_socket.cc,
 * source/common/http/utility.cc `resetReasonToString`). Spaces may be underscores.
 */
const words: readonly (readonly [RegExp, FailureClass])[] = [
  [/TLS.error|SSL.routines|OPENSSL|CERTIFICATE|transport.socket.timeout/i, "tls-failure"],
  [/connect.error:.111\b|connection.refused/i, "connect-refused"],
  [
    /connect.error:.(?:101|113|1|13)\b|unreachable|no.route.to.host|not.permitted|permission.denied/i,
    "unreachable",
  ],
  [/connect.error:.110\b|connection.timeout|connection.timed.out/i, "connect-timeout"],
  [
    /connect.error:.(?:99|24|23|105|12)\b|cannot.assign|not.available|too.many.open|buffer.space/i,
    "local-resource",
  ],
];

/** Class of a failed connection by what the log says of it; undefined when it says nothing of use. */
export function classOfTransport(text: string): FailureClass | undefined {
  const short = text.slice(0, 2000);
  return words.find(([pattern]) => pattern.test(short))?.[1];
}

const opening = "upstream connect error or disconnect/reset before headers. ";
const retried = "retried and the latest ";
const delayed = ", transport failure reason: delayed connect error: ";

/** Bodies of Envoy's own answers to a failed connection, which tell its reason where the line has no details. */
const bodies: ReadonlyMap<number, FailureClass> = sizesOf([
  ["Connection refused", "connect-refused"],
  ["No route to host", "unreachable"],
  ["Network is unreachable", "unreachable"],
  ["Connection timed out", "connect-timeout"],
]);

/** Older versions write the error's number, and all numbers in question have three digits. */
const numbered: ReadonlySet<number> = new Set(sizesOf([["111", "connect-refused"]]).keys());

function sizesOf(errors: readonly (readonly [string, FailureClass])[]): Map<number, FailureClass> {
  const sizes = new Map<number, FailureClass>();
  for (const [error, failure] of errors) {
    for (const again of ["", retried]) {
      for (const reason of ["connection failure", "remote connection failure"]) {
        sizes.set(`${opening}${again}reset reason: ${reason}${delayed}${error}`.length, failure);
      }
    }
  }
  return sizes;
}

const bare = `${opening}reset reason: connection timeout`.length;
const timeoutSizes: ReadonlySet<number> = new Set([bare, bare + retried.length]);

/** A refused connection takes no such time: after it come the kernel's wait for ARP (3 s) and Envoy's own timer. */
const slowestRefusalMs = 900;

/**
 * Class by the size of the answer. "connection failure" (older Envoy) and "connection timeout" are of one length, so
 * the bare text counts as a timeout only when it took time.
 */
export function classOfReply(bytesSent: number, durationMs: number | undefined): FailureClass | undefined {
  const byText = bodies.get(bytesSent);
  if (byText !== undefined) return byText;
  const slow = (durationMs ?? 0) >= slowestRefusalMs;
  if (numbered.has(bytesSent)) return slow ? "unreachable" : "connect-refused";
  return timeoutSizes.has(bytesSent) && slow ? "connect-timeout" : undefined;
}
