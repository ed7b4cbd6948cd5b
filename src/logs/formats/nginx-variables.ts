import { isoMs, timeLocalMs } from "../clock.ts";
import { type AccessFields, originForm, splitRequest } from "./access-line.ts";
import { attemptsOf, integer, readList, seconds, type UpstreamList } from "./upstream-lists.ts";

/** Values of one line by nginx variable name, without "$"; escapes undone. */
export type Values = ReadonlyMap<string, string>;

/** Variables whose values are lists with ", " and " : ". */
export const isListVariable = (name: string): boolean =>
  name.startsWith("upstream_") && !name.startsWith("upstream_http_");

/** Turns the values of one line into the fields of a request; undefined without a time and a status. */
export function fieldsFrom(values: Values): AccessFields | undefined {
  const time = endOf(values);
  const statusText = values.get("status");
  const status = integer(statusText);
  if (time === undefined || status === undefined || statusText?.length !== 3) return undefined;
  const durationMs = seconds(values.get("request_time"));
  const requestBytes = integer(values.get("request_length"));
  return {
    ...time,
    ...(durationMs === undefined ? {} : { durationMs }),
    ...requestOf(values),
    ...optional("host", values.get("host") ?? values.get("http_host") ?? values.get("server_name")),
    status,
    bodyBytes: integer(values.get("body_bytes_sent")) ?? integer(values.get("bytes_sent")) ?? 0,
    ...(requestBytes === undefined ? {} : { requestBytes }),
    client: values.get("remote_addr") ?? values.get("realip_remote_addr") ?? "",
    ...optional("userAgent", values.get("http_user_agent")),
    ...optional("requestId", values.get("req_id") ?? values.get("request_id")),
    ...optional("upstreamName", upstreamNameOf(values)),
    ...optional("alternativeUpstreamName", values.get("proxy_alternative_upstream_name")),
    attempts: attemptsOf(columnsOf(values)),
    logsUpstream: values.has("upstream_addr") || values.has("upstream_status"),
  };
}

function endOf(values: Values): { endMs: number; exact: boolean } | undefined {
  const msec = seconds(values.get("msec"));
  if (msec !== undefined) return { endMs: msec > 1e14 ? Math.round(msec / 1000) : msec, exact: true };
  const endMs = isoMs(values.get("time_iso8601") ?? "");
  if (!Number.isNaN(endMs)) return { endMs, exact: false };
  const local = timeLocalMs(values.get("time_local") ?? "");
  return Number.isNaN(local) ? undefined : { endMs: local, exact: false };
}

function requestOf(values: Values): { method: string; path: string; request: string } {
  const whole = values.get("request");
  const method = values.get("request_method");
  const path = values.get("request_uri") ?? values.get("uri");
  if (whole !== undefined) {
    return { ...splitRequest(whole), ...(method === undefined ? {} : { method }), request: whole };
  }
  const protocol = values.get("server_protocol");
  const target = path ?? "";
  const request = [method ?? "", target, protocol ?? ""].filter((word) => word !== "").join(" ");
  return { method: method ?? "", path: originForm(target), request };
}

/** `$proxy_upstream_name`, or the same put together as ingress-nginx does it: NAMESPACE-SERVICE-PORT. */
function upstreamNameOf(values: Values): string | undefined {
  const name = values.get("proxy_upstream_name");
  if (name !== undefined) return name;
  const parts = ["namespace", "service_name", "service_port"].map((variable) => values.get(variable) ?? "");
  return parts.every((part) => part !== "" && part !== "-") ? parts.join("-") : undefined;
}

function columnsOf(values: Values): Parameters<typeof attemptsOf>[0] {
  const list = (name: string): UpstreamList | undefined => {
    const text = values.get(name);
    return text === undefined ? undefined : readList(text, 0, 1000);
  };
  return {
    address: list("upstream_addr"),
    length: list("upstream_response_length"),
    time: list("upstream_response_time"),
    status: list("upstream_status"),
    connect: list("upstream_connect_time"),
    header: list("upstream_header_time"),
    received: list("upstream_bytes_received"),
  };
}

function optional<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return value === undefined || value === "" || value === "-"
    ? {}
    : ({ [key]: value } as { [P in K]: string });
}
