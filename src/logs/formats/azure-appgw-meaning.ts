import type { FailureClass, Origin } from "../traffic.ts";

export interface AppGwOutcome {
  readonly status: number;
  /** "ERRORINFO_UPSTREAM_TIMED_OUT"; empty on v1 and on older gateways of v2. */
  readonly errorInfo: string;
  readonly serverStatus: number | undefined;
  readonly serverRouted: boolean;
  readonly connectMs: number | null | undefined;
}

interface AppGwMeaning {
  readonly failure?: FailureClass;
  readonly origin?: Origin;
  readonly originReason?: string;
  readonly message?: string;
  readonly clientLeft?: boolean;
}

const classes: Readonly<Record<string, FailureClass>> = {
  ERRORINFO_UPSTREAM_NO_LIVE: "no-endpoint",
  ERRORINFO_UPSTREAM_CLOSED_CONNECTION: "closed-before-header",
  ERRORINFO_UPSTREAM_TIMED_OUT: "response-timeout",
};

/**
 * error_info decides where there is one: whether serverStatus is also filled for the gateway's own errors is not
 * documented, so a 502 beside a server status of 502 alone proves nothing.
 */
export function meaningOfAppGw(line: AppGwOutcome): AppGwMeaning {
  const { status, errorInfo, serverStatus } = line;
  if (status === 499 || errorInfo.startsWith("ERRORINFO_CLIENT_")) return { clientLeft: true };
  if (status < 500 || (status === 500 && serverStatus === 500)) return {};
  const failure = Object.hasOwn(classes, errorInfo) ? classes[errorInfo] : undefined;
  if (failure !== undefined) return ofGateway(failure, line);
  if (status < 502 || status > 504) return {};
  const sent = serverStatus === status;
  if (errorInfo === "ERRORINFO_NO_ERROR" && sent) {
    const originReason = `error_info is ${errorInfo}, serverStatus ${serverStatus}`;
    return { failure: "app-status", origin: "application", originReason };
  }
  if (errorInfo !== "" && errorInfo !== "ERRORINFO_NO_ERROR") return ofGateway("unclassified", line);
  const originReason = sent ? `serverStatus is ${serverStatus}` : "no serverStatus";
  return { failure: "unclassified", origin: sent ? "unknown" : "load-balancer", originReason };
}

function ofGateway(failure: FailureClass, line: AppGwOutcome): AppGwMeaning {
  const connecting = failure === "response-timeout" && line.connectMs === null && line.serverRouted;
  return {
    failure: connecting ? "connect-timeout" : failure,
    origin: "load-balancer",
    originReason: `error_info is ${line.errorInfo.slice(0, 80)}`,
    message: line.errorInfo.slice(0, 80),
  };
}
