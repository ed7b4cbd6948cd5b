import type { FailureClass, Origin } from "../traffic.ts";
import type { AccessFields, AttemptFields } from "./access-line.ts";
import type { JsonEntry, JsonFormat } from "./json-format.ts";
import { countOf, momentOf, numberOf, optional, statusOf, textOf, withoutPort } from "./json-values.ts";

/**
 * Cloudflare Logpush, dataset http_requests, fields as "HTTP requests" of the Logs reference names them; every field is
 * the customer's choice. Times come as RFC 3339, Unix seconds or Unix nanoseconds (`timestamp_format`).
 * OriginResponseStatus 0 means that the origin sent no answer.
 */
export const cloudflare: JsonFormat = { name: "cloudflare", hop: "cdn", readEntry };

function readEntry(entry: JsonEntry): AccessFields | undefined {
  if (!("EdgeResponseStatus" in entry)) return undefined;
  const start = momentOf(entry["EdgeStartTimestamp"]);
  const end = momentOf(entry["EdgeEndTimestamp"]);
  const status = statusOf(entry["EdgeResponseStatus"]);
  if (status === undefined || (start === undefined && end === undefined)) return undefined;
  const originMs = originDurationMs(entry);
  const durationMs =
    start !== undefined && end !== undefined && (start.exact || end.exact) && end.ms >= start.ms
      ? end.ms - start.ms
      : (countOf(entry["EdgeTimeToFirstByteMs"]) ?? originMs);
  const method = textOf(entry["ClientRequestMethod"]) ?? "";
  const path = textOf(entry["ClientRequestURI"]) ?? textOf(entry["ClientRequestPath"]) ?? "";
  const meaning = meaningOf(entry, status);
  return {
    endMs: end?.ms ?? (start?.ms ?? 0) + (durationMs ?? 0),
    exact: (end ?? start)?.exact === true,
    ...optional("durationMs", durationMs),
    method,
    path,
    request: [method, path, textOf(entry["ClientRequestProtocol"]) ?? ""]
      .filter((word) => word !== "")
      .join(" "),
    ...optional("host", hostOf(entry)),
    status,
    bodyBytes: countOf(entry["EdgeResponseBodyBytes"]) ?? countOf(entry["EdgeResponseBytes"]) ?? 0,
    ...optional("requestBytes", countOf(entry["ClientRequestBytes"])),
    client: textOf(entry["ClientIP"]) ?? "",
    ...optional("userAgent", textOf(entry["ClientRequestUserAgent"])),
    ...optional("requestId", textOf(entry["RayID"])),
    attempts: attemptsOf(entry, originMs, meaning),
    logsUpstream: true,
    ...meaning,
    format: cloudflare.name,
    hop: "cdn",
  };
}

function hostOf(entry: JsonEntry): string | undefined {
  const host = textOf(entry["ClientRequestHost"]);
  return host === undefined ? undefined : withoutPort(host);
}

/** OriginResponseTime is the older field, in nanoseconds. */
function originDurationMs(entry: JsonEntry): number | undefined {
  const ms = numberOf(entry["OriginResponseDurationMs"]);
  if (ms !== undefined) return Math.max(0, Math.round(ms));
  const ns = countOf(entry["OriginResponseTime"]);
  return ns === undefined ? undefined : Math.round(ns / 1e6);
}

function attemptsOf(entry: JsonEntry, durationMs: number | undefined, meaning: Meaning): AttemptFields[] {
  const address = textOf(entry["OriginIP"]);
  if (address === undefined) return [];
  const status = statusOf(entry["OriginResponseStatus"]);
  // 0 for a connection that was used before, and for one that was never made.
  const connectMs = countOf(entry["OriginTCPHandshakeDurationMs"]);
  return [
    {
      address,
      group: 0,
      ...(status === undefined || status === 0 ? {} : { status }),
      ...optional("durationMs", durationMs),
      ...(connectMs === undefined || connectMs === 0 ? {} : { connectMs }),
      ...optional("failure", meaning.failure),
      ...optional("message", meaning.originReason),
    },
  ];
}

interface Meaning {
  readonly failure?: FailureClass;
  readonly origin?: Origin;
  readonly originReason?: string;
  readonly clientLeft?: boolean;
}

/** "Cloudflare 5xx errors" of the support guide. 520 stands for an answer that was empty, cut or too large alike. */
const byStatus: Readonly<Record<number, FailureClass>> = {
  504: "response-timeout",
  520: "unclassified",
  521: "connect-refused",
  522: "connect-timeout",
  523: "unreachable",
  524: "response-timeout",
  525: "tls-failure",
  526: "tls-failure",
};

function meaningOf(entry: JsonEntry, status: number): Meaning {
  const source = textOf(entry["ClientRequestSource"]);
  // Asked by the CDN itself: a 504 is how the cache says that it has no hints, and no client sees it.
  if (source === "earlyHintsCache")
    return { clientLeft: true, originReason: `ClientRequestSource is ${source}` };
  if (status === 0) return { clientLeft: true };
  const fromOrigin = statusOf(entry["OriginResponseStatus"]);
  const made = status >= 520 && status <= 530;
  if (!made && (status < 502 || status > 504)) return {};
  if (!made && fromOrigin === status) {
    // What stands behind the CDN is a load balancer or a gateway as a rule, and either may have made it.
    return {
      failure: "app-status",
      origin: "unknown",
      originReason: `OriginResponseStatus is ${fromOrigin}`,
    };
  }
  if (fromOrigin === undefined && !made) {
    return { failure: "unclassified", origin: "unknown", originReason: "OriginResponseStatus is not logged" };
  }
  const originReason = `EdgeResponseStatus ${status}, OriginResponseStatus ${fromOrigin ?? "not logged"}`;
  return { failure: byStatus[status] ?? "unclassified", origin: "cdn", originReason };
}
