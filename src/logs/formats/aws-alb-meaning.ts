import type { FailureClass, Origin } from "../traffic.ts";

/** What one line of an Application Load Balancer has on the outcome. */
export interface AlbOutcome {
  readonly status: number;
  readonly targetStatus: string | undefined;
  readonly target: string | undefined;
  readonly elapsedMs: number | undefined;
  /** request_processing_time is a time, so the request was handed to the target. */
  readonly wasSent: boolean;
  readonly actions: string;
  readonly errorReason: string | undefined;
}

export interface AlbMeaning {
  readonly failure?: FailureClass;
  readonly origin?: Origin;
  readonly originReason?: string;
  readonly message?: string;
  readonly clientLeft?: boolean;
}

/**
 * Causes of each status by "Troubleshoot your Application Load Balancers" of the Elastic Load Balancing guide. Who made
 * it: target_status_code is "-" when the load balancer did.
 */
export function meaningOfAlb(line: AlbOutcome): AlbMeaning {
  // 460: the client closed the connection before the idle timeout.
  if (line.status === 460) return { clientLeft: true };
  if (line.targetStatus !== undefined) return answeredBy(line);
  if (!isOwnFailure(line.status)) return {};
  const message = messageOf(line);
  return {
    failure: classOf(line),
    origin: "load-balancer",
    originReason: "target_status_code is -",
    ...(message === "" ? {} : { message }),
  };
}

function answeredBy({ status, targetStatus }: AlbOutcome): AlbMeaning {
  if (status < 502 || status > 504) return {};
  const same = Number(targetStatus) === status;
  return same
    ? { failure: "app-status", origin: "application", originReason: `target_status_code is ${targetStatus}` }
    : {
        failure: "bad-response",
        origin: "load-balancer",
        originReason: `target_status_code is ${targetStatus}, elb_status_code ${status}`,
      };
}

/** 464: protocols of client and target group do not fit; 561: the identity provider failed; 000: nothing was sent. */
const isOwnFailure = (status: number): boolean =>
  status === 0 || status === 464 || (status >= 500 && status <= 504) || status === 561;

function messageOf({ errorReason, elapsedMs, wasSent, actions, target }: AlbOutcome): string {
  if (errorReason !== undefined) return `error_reason ${errorReason}`;
  if (target === undefined) return actions === "" || actions === "-" ? "" : `actions_executed ${actions}`;
  const sent = wasSent ? "request was sent" : "request was not sent";
  return elapsedMs === undefined ? sent : `${sent}, ended after ${elapsedMs} ms`;
}

function classOf(line: AlbOutcome): FailureClass {
  if (line.errorReason !== undefined) return classOfReason(line.errorReason);
  if (/\bfixed-response\b/.test(line.actions) || line.status === 464) return "config-answer";
  if (line.status === 503) return line.target === undefined ? "no-endpoint" : "unclassified";
  if (line.status === 504) return classOf504(line);
  return line.status === 502 ? classOf502(line) : "unclassified";
}

/** The load balancer waits 10 s for a connection; that wait cannot be configured. */
const connectTimeoutMs = 10_000;

const meetsConnectTimeout = (elapsedMs: number): boolean =>
  elapsedMs >= connectTimeoutMs - 100 && elapsedMs <= connectTimeoutMs + 600;

function classOf504({ elapsedMs, wasSent }: AlbOutcome): FailureClass {
  if (elapsedMs === undefined) return "unclassified";
  if (meetsConnectTimeout(elapsedMs)) return "connect-timeout";
  return elapsedMs >= 1000 || wasSent ? "response-timeout" : "unclassified";
}

/**
 * A refused or reset connection and one that was closed at once look the same. A 502 that took its time was no refusal:
 * the target had the request and closed, unless 10 s passed, which is also what a TLS handshake is given.
 */
function classOf502({ elapsedMs, wasSent }: AlbOutcome): FailureClass {
  if (elapsedMs === undefined || !wasSent || elapsedMs < 1000) return "unclassified";
  return meetsConnectTimeout(elapsedMs) ? "unclassified" : "closed-before-header";
}

/** Reasons of authentication, Lambda targets, weighted groups and WAF; others are left as they stand. */
function classOfReason(reason: string): FailureClass {
  if (/^Lambda(?:InvalidResponse|ResponseTooLarge)/.test(reason)) return "bad-response";
  if (reason === "LambdaUnhandled") return "app-status";
  if (reason.startsWith("LambdaConnectionTimeout")) return "connect-timeout";
  if (/^Lambda(?:AccessDenied|ResourceNotFound|EndpointNotFound)/.test(reason)) return "config-answer";
  return "unclassified";
}
