import type { FailureClass, Origin } from "../traffic.ts";
import type { AccessFields, AttemptFields } from "./access-line.ts";
import { type AzureRecord, azureRecord, mayBeAzure } from "./azure-record.ts";
import type { JsonEntry, JsonFormat } from "./json-format.ts";
import {
  countOf,
  momentOf,
  numberOf,
  optional,
  splitUrl,
  statusOf,
  textOf,
  withoutPort,
} from "./json-values.ts";

/**
 * FrontDoorAccessLog of Azure Front Door, by "Monitor metrics and logs in Azure Front Door". The time is when the edge
 * had delivered the answer; TimeTaken is in seconds. HttpStatusCode is 0 when the origin timed out; ErrorInfo names
 * the failure.
 */
export const azureFrontDoor: JsonFormat = { name: "azure-front-door", hop: "cdn", readEntry };

function readEntry(entry: JsonEntry): AccessFields | undefined {
  if (!mayBeAzure(entry)) return undefined;
  const record = azureRecord(entry);
  if (!record.has("httpStatusCode") || !record.has("trackingReference")) return undefined;
  const time =
    momentOf(record.get("time")) ??
    momentOf(record.get("timeStamp")) ??
    momentOf(record.get("timeGenerated"));
  const status = statusOf(record.get("httpStatusCode"));
  if (time === undefined || status === undefined) return undefined;
  const text = (name: string): string | undefined => textOf(record.get(name));
  const taken = numberOf(record.get("timeTaken"));
  const url = text("requestUri") ?? "";
  const { host, path } = splitUrl(url) ?? { host: undefined, path: url };
  const method = text("httpMethod") ?? "";
  const meaning = meaningOf(status, text("errorInfo") ?? "", text("cacheStatus") ?? "");
  const durationMs = taken === undefined || taken < 0 ? undefined : Math.round(taken * 1000);
  return {
    endMs: time.ms,
    exact: time.exact,
    ...optional("durationMs", durationMs),
    method,
    path,
    request: `${method} ${url}`.trim(),
    ...optional("host", text("hostName") ?? (host === undefined ? undefined : withoutPort(host))),
    status,
    bodyBytes: countOf(record.get("responseBytes")) ?? 0,
    ...optional("requestBytes", countOf(record.get("requestBytes"))),
    client: text("clientIp") ?? "",
    ...optional("userAgent", text("userAgent")),
    ...optional("requestId", text("trackingReference")),
    ...optional("upstreamName", text("routeName") ?? text("routingRuleName")),
    attempts: attemptsOf(record, status, durationMs, meaning),
    logsUpstream: true,
    ...meaning,
    format: azureFrontDoor.name,
    hop: "cdn",
  };
}

function attemptsOf(
  record: AzureRecord,
  status: number,
  durationMs: number | undefined,
  meaning: Meaning,
): AttemptFields[] {
  const address = [record.get("originIp"), record.get("originName")]
    .map(textOf)
    .find((name) => name !== undefined && !/^n\/a/i.test(name));
  if (address === undefined) return [];
  const answered = meaning.failure === undefined || meaning.failure === "app-status";
  return [
    {
      address,
      group: 0,
      ...(answered && meaning.clientLeft !== true ? { status } : {}),
      ...optional("durationMs", durationMs),
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

const classes: readonly (readonly [RegExp, FailureClass])[] = [
  [/^OriginTimeout/, "response-timeout"],
  [/^OriginConnectionRefused/, "connect-refused"],
  [/^OriginConnectionAborted/, "closed-before-header"],
  [/^OriginInvalidRe|^ResponseHeaderTooBig/, "bad-response"],
  [/^Certificate|^SSL/, "tls-failure"],
];

function meaningOf(status: number, errorInfo: string, cacheStatus: string): Meaning {
  if (status === 499 || errorInfo.startsWith("ClientDisconnected")) return { clientLeft: true };
  if (status !== 0 && status < 500) return {};
  if (errorInfo !== "" && errorInfo !== "NoError") {
    const failure = classes.find(([pattern]) => pattern.test(errorInfo))?.[1] ?? "unclassified";
    return { failure, origin: "cdn", originReason: `ErrorInfo is ${errorInfo.slice(0, 80)}` };
  }
  if (status === 0)
    return { failure: "response-timeout", origin: "cdn", originReason: "HttpStatusCode is 0" };
  if (status < 502 || status > 504) return {};
  if (errorInfo === "")
    return { failure: "unclassified", origin: "unknown", originReason: "ErrorInfo is not logged" };
  // What stands behind is a load balancer or a gateway as a rule, and either may have made it.
  const cached = /HIT/.test(cacheStatus) ? ", from the cache" : "";
  return { failure: "app-status", origin: "unknown", originReason: `ErrorInfo is NoError${cached}` };
}
