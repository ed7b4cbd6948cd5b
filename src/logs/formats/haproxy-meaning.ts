import type { FailureClass, Origin } from "../traffic.ts";

/** What one HTTP line says of the end of its request; timers in milliseconds, -1 for a stage that was not reached. */
export interface HaproxyOutcome {
  /** Four characters: "SC--". */
  readonly state: string;
  readonly status: number;
  readonly connectMs: number;
  readonly responseMs: number;
  /** Connecting (and waiting between retries) for each try. */
  readonly perTryMs: number;
  readonly retries: number;
  /** The last one that was chosen: none when no server was left for the last retry. */
  readonly hasServer: boolean;
  /** Whether a backend was chosen at all. */
  readonly hasBackend: boolean;
}

export interface HaproxyMeaning {
  readonly failure?: FailureClass;
  readonly origin?: Origin;
  readonly originReason?: string;
  readonly message?: string;
  readonly clientLeft?: true;
}

/** A refused connection is tried again after a second at the latest (haproxy src/backend.c, `SC_ST_TAR`); the kernel takes three to give up on a host. */
export const slowestRefusalMs = 1100;

/** How long a WebSocket lives and who ends it says nothing of a failure. */
const switchedProtocols = 101;

type Told = readonly [FailureClass, string];

/**
 * Termination states, by who ended the request and in which phase (haproxy doc/configuration.txt, "Session state at
 * disconnection"; src/backend.c and src/http_ana.c set them). HAProxy answers 503, never 504, when it cannot connect. A server's
 * TLS handshake that fails or runs out of time is also told as `SC` and `sC`.
 */
export function meaningOfState(outcome: HaproxyOutcome): HaproxyMeaning {
  const { state, status, responseMs } = outcome;
  const who = state.charAt(0);
  const phase = state.charAt(1);
  const answered = responseMs >= 0;
  if (status === switchedProtocols) return {};
  if (who === "C" || who === "c") {
    if (phase === "R") return {};
    return answered && status >= 500 ? ofServer(outcome) : { clientLeft: true };
  }
  if (phase === "D" || phase === "L") return "SsPDKUIR".includes(who) ? cutOff(outcome) : ofServer(outcome);
  if (who === "-" && answered) return ofServer(outcome);
  if (status < 500) return {};
  const [failure, message] = toldBy(who, phase, outcome);
  return { failure, origin: "gateway", originReason: state, message: `${state}: ${message}` };
}

function ofServer({ status, state }: HaproxyOutcome): HaproxyMeaning {
  if (status !== 502 && status !== 503 && status !== 504) return {};
  return { failure: "app-status", origin: "application", originReason: `${state} with a response time` };
}

const cutOff = ({ state }: HaproxyOutcome): HaproxyMeaning => ({
  failure: "truncated",
  origin: "gateway",
  originReason: state,
  message: `${state}: the response ended before its end`,
});

function toldBy(who: string, phase: string, outcome: HaproxyOutcome): Told {
  if (phase === "Q") return ["config-answer", "no server had a free slot within the queue timeout"];
  if (who === "S" && phase === "C") return refused(outcome);
  if (who === "s" && phase === "C") return timedOut(outcome);
  if (who === "S" && phase === "H") return ["closed-before-header", "the server closed before its headers"];
  if (who === "s" && phase === "H") return ["response-timeout", "no headers within the server timeout"];
  if (who === "R") return ["local-resource", "memory, sockets or ports ran out"];
  if (who === "D" || who === "K" || who === "U")
    return ["closed-before-header", "HAProxy ended the session, the server was taken out"];
  if (who === "P" && phase === "C") return ["local-resource", "the process's limit of sockets is reached"];
  if (who === "P" && phase === "H")
    return outcome.status === 502
      ? ["bad-response", "the response is not valid, or a rule refused it"]
      : ["config-answer", "a rule could not rewrite the response"];
  if (who === "P" || who === "L") return ["config-answer", "HAProxy answered by its configuration"];
  return ["unclassified", "the state names no cause"];
}

/**
 * A retry that finds no server any more leaves `<NOSRV>` and keeps the error of the try before it (haproxy src/backend.c
 * `srv_redispatch_connect`: `conn_err_type` is set only when nothing was).
 */
function refused({ hasServer, hasBackend, perTryMs, retries }: HaproxyOutcome): Told {
  if (!hasBackend) return ["config-answer", "no backend takes the request"];
  if (!hasServer && retries === 0) return ["no-endpoint", "no server is available"];
  const left = hasServer ? "" : ", and no server was left to retry";
  return perTryMs <= slowestRefusalMs
    ? ["connect-refused", `the connection was refused${left}`]
    : ["unreachable", `the server could not be reached${left}`];
}

const timedOut = ({ hasServer }: HaproxyOutcome): Told => [
  "connect-timeout",
  `no connection within the connect timeout${hasServer ? "" : ", and no server was left to retry"}`,
];
