import type { FailureClass, Origin } from "../traffic.ts";

/** What one Traefik line has on the outcome. */
export interface TraefikOutcome {
  readonly status: number;
  /** Of the body as the service's handler left it, where the format tells it from what was sent; undefined: not logged. */
  readonly bodyBytes: number | undefined;
  readonly method: string;
  /** Whether a server of a service was asked; undefined: the line has nothing on it. */
  readonly asked: boolean | undefined;
  /** Scheme of the server's URL, empty when it is not logged. */
  readonly scheme: string;
  readonly durationMs: number | undefined;
  /** `OriginStatus`, where it is logged. */
  readonly originStatus?: number | undefined;
}

export interface TraefikMeaning {
  /** The server sent the status. */
  readonly answered: boolean;
  readonly failure?: FailureClass;
  readonly origin?: Origin;
  readonly originReason?: string;
  readonly message?: string;
}

/** Bytes of the bodies that Traefik writes itself: net/http's words for the status (traefik pkg/proxy/httputil/proxy.go `ErrorHandlerWithContext`). */
const ownBody: Readonly<Record<number, number>> = { 500: 21, 502: 11, 504: 15 };

/** "no available server" and a newline, of a load balancer whose servers are all down (traefik pkg/server/service/loadbalancer). */
const noServerBytes = 20;

/** Traefik's default for `forwardingTimeouts.dialTimeout`, and net/http's for a TLS handshake. */
const dialTimeoutMs = 30_000;
const handshakeTimeoutMs = 10_000;

const isNear = (durationMs: number | undefined, timerMs: number): boolean =>
  durationMs !== undefined && durationMs >= timerMs - 10 && durationMs <= timerMs + 500;

/**
 * Who made a 5xx. `OriginStatus` does not tell: it is taken after Traefik's own error handler. The size of the body does, except for a
 * HEAD, and for 500, which many an application writes with the same words.
 */
export function meaningOfTraefik(line: TraefikOutcome): TraefikMeaning {
  const { status, asked } = line;
  if (status < 500) return { answered: asked !== false && status !== 499 };
  if (asked === false || (asked === undefined && isNoServer(line))) return withoutServer(line);
  if (line.originStatus !== undefined && line.originStatus > 0 && line.originStatus !== status)
    return ofGateway("config-answer", "a middleware changed the service's status");
  if (status === 500) return of500(line);
  if (status !== 502 && status !== 503 && status !== 504) return { answered: true };
  if (status === 503) {
    return asked === true
      ? ofServer("a server was asked, and Traefik's own 503 asks none")
      : unknown("the line does not say whether a server was asked");
  }
  const own = ownBody[status];
  const hidden = line.bodyBytes === undefined || line.method === "HEAD" || line.bodyBytes === 0;
  if (hidden) return unknown("no body is logged");
  if (line.bodyBytes !== own) return ofServer(`body of ${line.bodyBytes} bytes, Traefik's own has ${own}`);
  const reason = `body of ${own} bytes is Traefik's own`;
  return status === 502 ? ofGateway("unclassified", reason) : ofGateway(classOfTimeout(line), reason);
}

/** Without a configured header timeout only dialling and handshaking end in 504. */
function classOfTimeout({ durationMs, scheme }: TraefikOutcome): FailureClass {
  if (isNear(durationMs, dialTimeoutMs)) return "connect-timeout";
  return isNear(durationMs, handshakeTimeoutMs) && scheme === "https" ? "tls-failure" : "unclassified";
}

/** A TLS mistake of Traefik's towards the server ends in 500 as well. */
function of500({ bodyBytes, scheme }: TraefikOutcome): TraefikMeaning {
  if (scheme !== "https" || bodyBytes !== ownBody[500]) return { answered: true };
  return unknown(
    "500 with the words of net/http: Traefik's answer to a TLS mistake, or the application's own",
  );
}

const isNoServer = ({ status, bodyBytes }: TraefikOutcome): boolean =>
  status === 503 && bodyBytes === noServerBytes;

function withoutServer(line: TraefikOutcome): TraefikMeaning {
  const { status, bodyBytes } = line;
  if (status !== 502 && status !== 503 && status !== 504) return { answered: false };
  if (isNoServer(line))
    return ofGateway(
      "no-endpoint",
      `no server was asked, body of ${noServerBytes} bytes`,
      "no available server",
    );
  if (status === 503 && (bodyBytes === undefined || bodyBytes === 0))
    return ofGateway("unclassified", "no server was asked");
  return ofGateway("config-answer", "no server was asked");
}

const ofServer = (originReason: string): TraefikMeaning => ({
  answered: true,
  failure: "app-status",
  origin: "application",
  originReason,
});

const unknown = (originReason: string): TraefikMeaning => ({
  answered: false,
  failure: "unclassified",
  origin: "unknown",
  originReason,
});

const ofGateway = (failure: FailureClass, originReason: string, message = originReason): TraefikMeaning => ({
  answered: false,
  failure,
  origin: "gateway",
  originReason,
  message,
});
