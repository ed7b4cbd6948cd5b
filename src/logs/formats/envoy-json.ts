import type { AccessFields } from "./access-line.ts";
import { envoyFields } from "./envoy-fields.ts";
import type { JsonEntry, JsonFormat } from "./json-format.ts";
import { countOf, momentOf, statusOf, textOf } from "./json-values.ts";

/**
 * Envoy's JSON lines with the keys of Istio (istio pilot/pkg/model/telemetry_logging.go `EnvoyJSONLogFormatIstio`),
 * Envoy Gateway (envoyproxy/gateway internal/xds/translator/accesslog.go) and Contour (contour
 * apis/projectcontour/v1alpha1/accesslog.go). What Envoy does not have is "-" in untyped and null in typed values.
 */
export const envoyJson: JsonFormat = { name: "envoy-json", readEntry };

/** Keys that no other gateway writes beside response_code: the fields are the operator's choice. */
const tells = [
  "response_flags",
  "response_code_details",
  "upstream_cluster",
  "upstream_service_time",
  "x-envoy-upstream-service-time",
];

function readEntry(entry: JsonEntry): AccessFields | undefined {
  if (!("response_code" in entry) || !tells.some((key) => key in entry)) return undefined;
  const first = (keys: readonly string[]): unknown => firstOf(entry, keys);
  const text = (keys: readonly string[]): string => textOf(first(keys)) ?? "";
  const start = momentOf(first(["start_time", "@timestamp", "timestamp", "ts", "time"]));
  const status = statusOf(entry["response_code"]);
  if (start === undefined || status === undefined) return undefined;
  return envoyFields({
    format: "envoy-json",
    startMs: start.ms,
    exact: start.exact,
    method: text(["method", ":method", "request_method"]),
    path: text(["path", "x-envoy-origin-path", "x-envoy-original-path", ":path", "request_path"]),
    protocol: text(["protocol"]),
    status,
    flags: text(["response_flags"]),
    flagsLogged: "response_flags" in entry,
    details: text(["response_code_details"]),
    termination: text(["connection_termination_details"]),
    transport: text(["upstream_transport_failure_reason"]),
    bytesReceived: countOf(entry["bytes_received"]),
    bytesSent: countOf(entry["bytes_sent"]) ?? 0,
    durationMs: countOf(entry["duration"]),
    serviceTimeMs: countOf(first(["upstream_service_time", "x-envoy-upstream-service-time"])),
    forwardedFor: text(["x_forwarded_for", "x-forwarded-for"]),
    userAgent: text(["user_agent", "user-agent"]),
    requestId: text(["request_id", "x-request-id"]),
    authority: text(["authority", ":authority"]),
    upstreamHost: text(["upstream_host"]),
    cluster: text(["upstream_cluster"]),
    downstreamRemote: text(["downstream_remote_address"]),
    routeName: text(["route_name"]),
    attemptCount: countOf(entry["upstream_request_attempt_count"]),
  });
}

function firstOf(entry: JsonEntry, keys: readonly string[]): unknown {
  const key = keys.find((name) => entry[name] !== undefined && entry[name] !== null);
  return key === undefined ? undefined : entry[key];
}
