import type { AccessFields } from "./access-line.ts";
import { clientAddress, firstForwarded } from "./client-address.ts";
import type { JsonEntry, JsonFormat } from "./json-format.ts";
import { countOf, momentOf, numberOf, optional, splitUrl, statusOf, textOf } from "./json-values.ts";
import { meaningOfTraefik } from "./traefik-meaning.ts";
import { traefikAttempts } from "./traefik-attempts.ts";

/**
 * Traefik's JSON access log, composed from its keys (traefik pkg/middlewares/accesslog/logdata.go; logger.go says when each is set).
 * `Duration`, `OriginDuration` and `Overhead` are nanoseconds. `StartUTC` is when the request began and `time`, with whole seconds, when
 * the line was written. Operators drop fields (`accessLog.fields`): without a start or a duration `time` is the end.
 */
export const traefikJson: JsonFormat = { name: "traefik-json", readEntry };

const keys = ["RouterName", "RequestMethod", "RequestPath", "RequestCount", "ServiceName"] as const;

function readEntry(entry: JsonEntry): AccessFields | undefined {
  const status = statusOf(entry["DownstreamStatus"] ?? entry["OriginStatus"]);
  if (status === undefined || !keys.some((key) => key in entry)) return undefined;
  const durationMs = millisecondsOf(entry["Duration"]);
  const end = endOf(entry, durationMs);
  if (end === undefined) return undefined;
  const method = known(entry["RequestMethod"]) ?? "";
  const path = known(entry["RequestPath"]) ?? "";
  const url = known(entry["ServiceURL"]);
  const originStatus = statusOf(entry["OriginStatus"]);
  const address = (url === undefined ? undefined : splitUrl(url)?.host) ?? known(entry["ServiceAddr"]);
  const isLogged = ["OriginStatus", "ServiceURL", "ServiceAddr"].some((key) => key in entry);
  const asked = isLogged ? address !== undefined || (originStatus ?? 0) > 0 : undefined;
  const originMs = millisecondsOf(entry["OriginDuration"]);
  const meaning = meaningOfTraefik({
    status,
    bodyBytes: countOf(
      entry[asked === true ? "OriginContentSize" : "DownstreamContentSize"] ?? entry["DownstreamContentSize"],
    ),
    method,
    asked,
    scheme: url?.slice(0, Math.max(0, url.indexOf(":"))) ?? "",
    durationMs: originMs ?? durationMs,
    originStatus,
  });
  const { answered: _answered, ...told } = meaning;
  const retries = countOf(entry["RetryAttempts"]) ?? 0;
  const attempt = {
    address: address ?? (asked === true ? "-" : undefined),
    retries,
    status,
    durationMs: originMs ?? durationMs,
  };
  return {
    endMs: end.ms,
    exact: end.exact,
    ...optional("durationMs", durationMs),
    method,
    path,
    request: [method, path, known(entry["RequestProtocol"]) ?? ""].filter((word) => word !== "").join(" "),
    ...optional("host", known(entry["RequestHost"]) ?? known(entry["RequestAddr"])),
    status,
    bodyBytes: countOf(entry["DownstreamContentSize"]) ?? 0,
    ...optional("requestBytes", countOf(entry["RequestContentSize"])),
    client: clientOf(entry),
    ...optional("userAgent", known(entry["request_User-Agent"])),
    ...optional(
      "requestId",
      known(entry["request_X-Request-Id"]) ?? known(entry["TraceId"] ?? entry["trace_id"]),
    ),
    ...optional("upstreamName", nameOf(entry)),
    attempts: traefikAttempts(attempt, meaning),
    logsUpstream: isLogged,
    ...told,
  };
}

/** Headers that are logged as "REDACTED" say nothing. */
function known(value: unknown): string | undefined {
  const text = textOf(value);
  return text === "REDACTED" ? undefined : text;
}

/** From nanoseconds; cut, as the access log's own milliseconds are. */
function millisecondsOf(value: unknown): number | undefined {
  const ns = numberOf(value);
  return ns === undefined || ns < 0 || ns > 1e18 ? undefined : Math.floor(ns / 1e6);
}

function endOf(entry: JsonEntry, durationMs: number | undefined): { ms: number; exact: boolean } | undefined {
  const start = momentOf(entry["StartUTC"]) ?? momentOf(entry["StartLocal"]);
  const written = momentOf(entry["time"]);
  if (start !== undefined && (durationMs !== undefined || written === undefined))
    return { ms: start.ms + (durationMs ?? 0), exact: start.exact && durationMs !== undefined };
  return written;
}

function clientOf(entry: JsonEntry): string {
  const host = known(entry["ClientHost"]);
  if (host !== undefined) return firstForwarded(host);
  return clientAddress(known(entry["ClientAddr"]) ?? "");
}

/** NAMESPACE-SERVICE-PORT where the Ingress's names are logged; else "shop-api-80@kubernetes", else the router's name. */
function nameOf(entry: JsonEntry): string | undefined {
  const parts = ["KubernetesIngressNamespace", "KubernetesServiceName", "KubernetesServicePort"].map(
    (key) => known(entry[key]) ?? "",
  );
  if (parts.every((part) => part !== "")) return parts.join("-");
  return known(entry["ServiceName"]) ?? known(entry["RouterName"]);
}
