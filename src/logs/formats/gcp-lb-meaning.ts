import type { FailureClass, Origin } from "../traffic.ts";

export interface GcpOutcome {
  readonly status: number;
  readonly details: string;
  /** RFC 9209, of regional load balancers: `error="http_response_timeout"; details="…"`. */
  readonly proxyStatus: string;
  readonly durationMs: number | undefined;
}

export interface GcpMeaning {
  readonly answered: boolean;
  readonly failure?: FailureClass;
  readonly origin?: Origin;
  readonly originReason?: string;
  readonly message?: string;
  readonly clientLeft?: boolean;
}

/** The backend, or a cache that holds its answer, made the status. */
const answers =
  /^(?:response_sent_by_backend|response_from_cache|byte_range_caching$|aborted_request_due_to_backend_early_response)/;

const clientLeft = /^(?:client_disconnected_|client_timed_out|byte_range_caching_retrieval_abandoned)/;

/** statusDetails of failures ("statusDetails HTTP failure messages") and the errors of RFC 9209 §2.3. */
const classes: readonly (readonly [RegExp, FailureClass])[] = [
  [/^failed_to_pick_backend|^destination_unavailable|^destination_not_found/, "no-endpoint"],
  [/^connection_refused/, "connect-refused"],
  [/^destination_ip_unroutable/, "unreachable"],
  [/^connection_timeout/, "connect-timeout"],
  [
    /^backend_connection_closed_before|^connection_terminated|^http_response_incomplete/,
    "closed-before-header",
  ],
  [/^backend_connection_closed_after_partial|_after_partial_response$/, "truncated"],
  [/^backend_timeout|^http_response_timeout|^connection_read_timeout/, "response-timeout"],
  [/^failed_to_negotiate_alpn|^ssl_certificate_|^server_cert_|^tls_/, "tls-failure"],
  [
    /^backend_(?:response|early|interim)_|^error_uncompressing|^websocket_handshake_failed|^http_(?:response|protocol|upgrade)_/,
    "bad-response",
  ],
  [/^connection_limit_reached/, "local-resource"],
  [
    /^(?:direct_response|denied_by_|throttled_by_|banned_by_|fault_filter_abort|config_not_found|request_loop|handled_by_identity|serverless_neg_routing|multiple_iap|invalid_external_origin|http_request_denied|proxy_configuration_error)/,
    "config-answer",
  ],
];

export function meaningOfGcp(line: GcpOutcome): GcpMeaning {
  const word = line.details === "" ? errorOf(line.proxyStatus) : line.details;
  if (clientLeft.test(word)) return { answered: false, clientLeft: true, message: word };
  if (answers.test(word)) return answeredBy(line.status, word);
  // An upgraded connection is closed by a timer or by its end: neither is a failure.
  if (line.status === 101 || line.status === 200) return ofStarted(line.status, word);
  if (line.status !== 0 && line.status < 500) return { answered: word === "" };
  if (word === "") return { answered: false };
  return {
    answered: false,
    failure: classOf(word, line.durationMs),
    origin: "load-balancer",
    originReason: reasonOf(line, word),
    message: word.slice(0, 200),
  };
}

const errorOf = (proxyStatus: string): string => /\berror="?([a-z0-9_]{1,60})/.exec(proxyStatus)?.[1] ?? "";

const reasonOf = (line: GcpOutcome, word: string): string =>
  `${line.details === "" ? "proxyStatus" : "statusDetails"} is ${word.slice(0, 100)}`;

function answeredBy(status: number, word: string): GcpMeaning {
  if (status < 502 || status > 504) return { answered: true };
  const originReason = `statusDetails is ${word.slice(0, 100)}`;
  return { answered: true, failure: "app-status", origin: "application", originReason };
}

function ofStarted(status: number, word: string): GcpMeaning {
  const failure = status === 101 ? undefined : classOf(word, undefined);
  if (failure !== "truncated") return { answered: true };
  return {
    answered: true,
    failure,
    origin: "load-balancer",
    originReason: `statusDetails is ${word}`,
    message: word,
  };
}

/** "failed_to_connect_to_backend" is both a refusal and a timeout: a refusal takes no time. */
function classOf(word: string, durationMs: number | undefined): FailureClass {
  if (word.startsWith("failed_to_connect_to_backend")) {
    if (durationMs === undefined) return "unclassified";
    return durationMs < 900 ? "connect-refused" : "connect-timeout";
  }
  return classes.find(([pattern]) => pattern.test(word))?.[1] ?? "unclassified";
}
