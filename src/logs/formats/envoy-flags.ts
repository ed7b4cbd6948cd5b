import type { FailureClass } from "../traffic.ts";

/**
 * What an Envoy response flag says of a request without an answer from the upstream. Short names and their meaning:
 * envoy source/common/stream_info/utility.h and envoy/stream_info/stream_info.h; the status each flag comes with:
 * source/common/router/router.cc. Several flags are joined by "," in an order that differs between versions, so the
 * table's order decides: what happened on the way to the upstream goes before what followed from it.
 */
const classes: readonly (readonly [flag: string, failure: FailureClass])[] = [
  // NoHealthyUpstream: no host, or none that is healthy.
  ["UH", "no-endpoint"],
  // UpstreamConnectionFailure: refined by the transport's own words.
  ["UF", "unclassified"],
  // UpstreamProtocolError: the one reset that gives 502.
  ["UPE", "bad-response"],
  // UpstreamConnectionTermination: closed before the header.
  ["UC", "closed-before-header"],
  // UpstreamRemoteReset: RST_STREAM from the upstream.
  ["UR", "closed-before-header"],
  // UpstreamRequestTimeout: route timeout, or that of one try.
  ["UT", "response-timeout"],
  // UpstreamMaxStreamDurationReached.
  ["UMSDR", "response-timeout"],
  // StreamIdleTimeout: 504 when the request was complete and the response never began.
  ["SI", "response-timeout"],
  // UpstreamOverflow: a circuit breaker, or the budget of retries.
  ["UO", "local-resource"],
  // OverloadManagerTerminated.
  ["OM", "local-resource"],
  // NoClusterFound.
  ["NC", "config-answer"],
  // NoRouteFound.
  ["NR", "config-answer"],
  // FailedLocalHealthCheck: this Envoy was told to fail its health check.
  ["LH", "config-answer"],
  // DropOverload and UnconditionalDropOverload: the load report's policy drops requests.
  ["DO", "config-answer"],
  ["UDO", "config-answer"],
  // FaultInjected.
  ["FI", "config-answer"],
  // NoFilterConfigFound.
  ["NFCF", "config-answer"],
  // RateLimited, when a status of 5xx was configured for it.
  ["RL", "config-answer"],
  // UnauthorizedExternalService and RateLimitServiceError: another service was asked, and nothing says what became of it.
  ["UAEX", "unclassified"],
  ["RLSE", "unclassified"],
  // DnsResolutionFailed.
  ["DF", "unclassified"],
  // LocalReset, DurationTimeout.
  ["LR", "unclassified"],
  ["DT", "unclassified"],
];

export interface Flagged {
  readonly flag: string;
  readonly failure: FailureClass;
}

/** The flag that says most; undefined when none tells of a failure ("-", "DC", "URX" alone). */
export function failingFlag(flags: ReadonlySet<string>): Flagged | undefined {
  if (flags.size === 0) return undefined;
  for (const [flag, failure] of classes) if (flags.has(flag)) return { flag, failure };
  return undefined;
}

/** "UF,URX" as a set; long names of `%RESPONSE_FLAGS_LONG%` are not taken. */
export const flagSet = (flags: string): ReadonlySet<string> =>
  flags === "" ? none : new Set(flags.split(","));

const none: ReadonlySet<string> = new Set();

/** DownstreamConnectionTermination, DownstreamRemoteReset. */
export const isLeftFlag = (flags: ReadonlySet<string>): boolean => flags.has("DC") || flags.has("DR");
