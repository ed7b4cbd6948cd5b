import type { ConfigMap } from "kubernetes-types/core/v1";

/** What holds for all of the gateway, from its ConfigMap; other keys of it set the defaults of annotations. */
export interface GlobalSettings {
  readonly workerProcesses: string;
  readonly workerConnections: string;
  /** Absent: as many as the process may have. */
  readonly workerOpenFiles?: string;
  readonly workerShutdownTimeout: string;
  readonly keepAlive: string;
  readonly keepAliveRequests: string;
  readonly clientHeaderTimeout: string;
  readonly clientBodyTimeout: string;
  readonly upstreamKeepaliveConnections: string;
  readonly upstreamKeepaliveTime: string;
  readonly upstreamKeepaliveTimeout: string;
  readonly upstreamKeepaliveRequests: string;
  readonly logFormat: string;
  /** "default", "json" or "none". */
  readonly logEscape: string;
  readonly errorLogLevel: string;
  readonly limitReqStatus: string;
  readonly limitConnStatus: string;
  readonly largeClientHeaderBuffers: string;
  readonly customHttpErrors: readonly string[];
  readonly retryNonIdempotent: boolean;
  readonly allowSnippets: boolean;
  readonly logDefaultBackend: boolean;
  readonly httpSnippet: string;
  readonly serverSnippet: string;
  readonly locationSnippet: string;
}

/** kubernetes/ingress-nginx internal/ingress/controller/config/config.go. */
const logFormatUpstream =
  '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" $request_length $request_time [$proxy_upstream_name] [$proxy_alternative_upstream_name] $upstream_addr $upstream_response_length $upstream_response_time $upstream_status $req_id';

/** The ConfigMap's keys over the defaults of `NewDefault` (same file). Workers: the lab's machine has two cores. */
export function globalSettings(configMap: ConfigMap | undefined): GlobalSettings {
  const data = configMap?.data ?? {};
  const text = (key: string, fallback: string): string => data[key] ?? fallback;
  const isOn = (key: string): boolean => data[key] === "true";
  const escape = isOn("log-format-escape-json")
    ? "json"
    : isOn("log-format-escape-none")
      ? "none"
      : "default";
  const openFiles = data["max-worker-open-files"];
  return {
    workerProcesses: text("worker-processes", "2"),
    workerConnections: text("max-worker-connections", "16384"),
    ...(openFiles === undefined || openFiles === "0" ? {} : { workerOpenFiles: openFiles }),
    workerShutdownTimeout: text("worker-shutdown-timeout", "240s"),
    keepAlive: text("keep-alive", "75"),
    keepAliveRequests: text("keep-alive-requests", "1000"),
    clientHeaderTimeout: text("client-header-timeout", "60"),
    clientBodyTimeout: text("client-body-timeout", "60"),
    upstreamKeepaliveConnections: text("upstream-keepalive-connections", "320"),
    upstreamKeepaliveTime: text("upstream-keepalive-time", "1h"),
    upstreamKeepaliveTimeout: text("upstream-keepalive-timeout", "60"),
    upstreamKeepaliveRequests: text("upstream-keepalive-requests", "10000"),
    logFormat: text("log-format-upstream", logFormatUpstream),
    logEscape: escape,
    errorLogLevel: text("error-log-level", "notice"),
    limitReqStatus: text("limit-req-status-code", "503"),
    limitConnStatus: text("limit-conn-status-code", "503"),
    largeClientHeaderBuffers: text("large-client-header-buffers", "4 8k"),
    customHttpErrors: codesOf(data["custom-http-errors"]),
    retryNonIdempotent: isOn("retry-non-idempotent"),
    allowSnippets: isOn("allow-snippet-annotations"),
    logDefaultBackend: isOn("enable-access-log-for-default-backend"),
    httpSnippet: text("http-snippet", ""),
    serverSnippet: text("server-snippet", ""),
    locationSnippet: text("location-snippet", ""),
  };
}

/** "404,503" */
export const codesOf = (text: string | undefined): string[] =>
  (text ?? "")
    .split(",")
    .map((code) => code.trim())
    .filter((code) => /^[45]\d\d$/.test(code));
