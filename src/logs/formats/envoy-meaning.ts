import type { FailureClass, Origin } from "../traffic.ts";
import { failingFlag, flagSet, isLeftFlag } from "./envoy-flags.ts";
import { classOfReply, classOfTransport } from "./envoy-transport.ts";

/** What one Envoy line has on the outcome; empty strings for what was "-", null or not logged. */
export interface EnvoyOutcome {
  readonly status: number;
  readonly flags: string;
  /** Whether the format has the flags at all: "-" says that there was none, their absence says nothing. */
  readonly flagsLogged: boolean;
  /** `%RESPONSE_CODE_DETAILS%`. */
  readonly details: string;
  /** `%UPSTREAM_TRANSPORT_FAILURE_REASON%`. */
  readonly transport: string;
  /** `%CONNECTION_TERMINATION_DETAILS%`. */
  readonly termination: string;
  /** x-envoy-upstream-service-time: set by Envoy on what the upstream answered, never on its own answers. */
  readonly serviceTimeMs: number | undefined;
  readonly bytesSent: number;
  readonly durationMs: number | undefined;
  readonly upstreamHost: string;
  readonly routeName: string;
}

export interface EnvoyMeaning {
  /** The upstream sent the status. */
  readonly answered: boolean;
  readonly failure?: FailureClass;
  readonly origin?: Origin;
  readonly originReason?: string;
  readonly message?: string;
  readonly clientLeft?: boolean;
}

/** Who made the answer and what went wrong, from flags and details, before the status is looked at. */
export function meaningOfEnvoy(line: EnvoyOutcome): EnvoyMeaning {
  const flags = flagSet(line.flags);
  const words = messageOf(line);
  const message = words === "" ? {} : { message: words };
  const answered = isAnswered(line, flags);
  const truncation = truncationOf(line, flags);
  if (truncation !== undefined) return { answered, ...gateway("truncated", truncation), ...message };
  const localClose = line.details.startsWith("downstream_local_disconnect");
  if (!localClose && (isLeftFlag(flags) || line.details.startsWith("downstream_remote_"))) {
    return { answered, clientLeft: true, ...message };
  }
  if (answered) {
    const told = answeredBy(line);
    return told.failure === undefined ? told : { ...told, ...message };
  }
  if (localClose) return { answered, ...gateway("unclassified", line.details), ...message };
  if (line.status < 500 && line.status !== 0) return { answered };
  const failed = failureOf(line, flags);
  return failed === undefined ? { answered } : { answered, ...failed, ...message };
}

const gateway = (failure: FailureClass, originReason: string): Omit<EnvoyMeaning, "answered"> => ({
  failure,
  origin: "gateway",
  originReason: originReason.slice(0, 200),
});

/** "UF,URX upstream_reset_before_response_started{…}"; the transport's words only when the details lack them. */
function messageOf({ flags, details, transport, termination }: EnvoyOutcome): string {
  const parts = [flags, details, details.includes(transport) ? "" : transport, termination];
  return parts
    .filter((part) => part !== "")
    .join(" ")
    .slice(0, 500);
}

/**
 * Some installations do not log the service time (Envoy Gateway removes Envoy's headers unless told otherwise), so a
 * line without flags whose upstream is named counts too: Envoy's own answers to a failed upstream all carry a flag.
 */
function isAnswered(line: EnvoyOutcome, flags: ReadonlySet<string>): boolean {
  if (line.details !== "") return line.details === "via_upstream";
  if (line.serviceTimeMs !== undefined) return true;
  return (
    line.flagsLogged && line.upstreamHost !== "" && line.status !== 0 && failingFlag(flags) === undefined
  );
}

const cutFlags = ["UC", "UR", "UPE", "SI", "UMSDR"];

/** A body that ended early. An upgraded connection (101) ends that way as a rule. */
function truncationOf(line: EnvoyOutcome, flags: ReadonlySet<string>): string | undefined {
  if (line.details.startsWith("upstream_reset_after_response_started")) {
    return line.status === 101 ? undefined : line.details;
  }
  if (line.details !== "" || line.status < 200 || line.status >= 400) return undefined;
  const flag = cutFlags.find((name) => flags.has(name));
  return flag === undefined ? undefined : `flag ${flag} beside status ${line.status}`;
}

function answeredBy(line: EnvoyOutcome): EnvoyMeaning {
  if (line.status < 502 || line.status > 504) return { answered: true };
  const originReason =
    line.details !== ""
      ? `response_code_details is ${line.details}`
      : line.serviceTimeMs !== undefined
        ? `x-envoy-upstream-service-time is ${line.serviceTimeMs}`
        : "no response flag beside an upstream host";
  return { answered: true, failure: "app-status", origin: "application", originReason };
}

function failureOf(
  line: EnvoyOutcome,
  flags: ReadonlySet<string>,
): Omit<EnvoyMeaning, "answered"> | undefined {
  const flagged = failingFlag(flags);
  if (flagged !== undefined) {
    const failure = refine(flagged.flag, flagged.failure, line);
    return gateway(failure, `flag ${flagged.flag}`);
  }
  if (line.details !== "") return gateway(classOfDetails(line), `response_code_details is ${line.details}`);
  if (line.status === 0) return undefined;
  if (line.flagsLogged) return gateway("unclassified", "no upstream host");
  return { failure: "unclassified", origin: "unknown", originReason: "response flags are not logged" };
}

/** UF is one flag for all that can befall a connection; the peer's alert can also come with UC, after the handshake. */
function refine(flag: string, failure: FailureClass, line: EnvoyOutcome): FailureClass {
  if (flag !== "UF" && flag !== "UC" && flag !== "UR") return failure;
  const told = classOfTransport(`${line.transport} ${line.details} ${line.termination}`);
  if (flag !== "UF") return told === "tls-failure" ? told : failure;
  if (told !== undefined) return told;
  if (/\{connection_failure\}/.test(line.details) && (line.durationMs ?? 0) >= 900) return "connect-timeout";
  return (line.details === "" ? classOfReply(line.bytesSent, line.durationMs) : undefined) ?? failure;
}

const byDetails: readonly (readonly [RegExp, FailureClass])[] = [
  [/^no_healthy_upstream/, "no-endpoint"],
  [
    /^(?:response_timeout|upstream_per_try_|request_overall_timeout|stream_idle_timeout|.*max_(?:stream_)?duration)/,
    "response-timeout",
  ],
  [/^(?:overload|upstream_reset_before_response_started\{overflow)/, "local-resource"],
  [
    /^(?:direct_response|cluster_not_found|route_not_found|route_configuration_not_found|maintenance_mode|drop_overload|unconditional_drop|fault_filter_abort)/,
    "config-answer",
  ],
  [
    /^(?:response_payload_too_large|upstream_reset_before_response_started\{protocol_error|websocket_handshake_unsuccessful)/,
    "bad-response",
  ],
  [/^upstream_reset_before_response_started\{(?:connection_termination|remote_)/, "closed-before-header"],
];

function classOfDetails(line: EnvoyOutcome): FailureClass {
  // Envoy Gateway answers 503 itself for a Service without ready endpoints, 500 for a broken reference
  // (envoyproxy/gateway internal/gatewayapi/route.go); its route names begin with the kind of the route.
  const ofEnvoyGateway = /^(?:http|grpc)route\//.test(line.routeName);
  if (ofEnvoyGateway && line.status === 503 && line.details === "direct_response") return "no-endpoint";
  const details = line.details.slice(0, 300);
  return byDetails.find(([pattern]) => pattern.test(details))?.[1] ?? "unclassified";
}
