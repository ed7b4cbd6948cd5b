import type { AccessFields, AttemptFields } from "./access-line.ts";
import { meaningOfAppGw } from "./azure-appgw-meaning.ts";
import { type AzureRecord, azureRecord, mayBeAzure } from "./azure-record.ts";
import type { JsonEntry, JsonFormat } from "./json-format.ts";
import { countOf, momentOf, numberOf, optional, statusOf, textOf } from "./json-values.ts";
import { attemptsOf, readList, type UpstreamList } from "./upstream-lists.ts";

/**
 * ApplicationGatewayAccessLog of Azure Application Gateway, by "Monitoring data reference for Azure Application Gateway".
 * v2 names the server in serverRouted and serverStatus and counts timeTaken in seconds; v1 has them in requestQuery
 * ("SERVER-ROUTED=…&SERVER-STATUS=200") and counts milliseconds. The time is taken as that of the end: the reference
 * does not say which, and the v2 gateway writes when it is done.
 */
export const azureAppGateway: JsonFormat = { name: "azure-appgw", hop: "load-balancer", readEntry };

function readEntry(entry: JsonEntry): AccessFields | undefined {
  if (!mayBeAzure(entry)) return undefined;
  const record = azureRecord(entry);
  if (!record.has("httpStatus") || !record.has("timeTaken")) return undefined;
  const time = timeOf(record);
  const status = statusOf(record.get("httpStatus"));
  if (time === undefined || status === undefined) return undefined;
  const text = (name: string): string | undefined => textOf(record.get(name));
  const v1 = ofV1(record);
  const durationMs = takenMs(record, v1);
  const path = pathOf(record, v1);
  const method = text("httpMethod") ?? "";
  const attempts = attemptsFrom(record, v1);
  const meaning = meaningOfAppGw({
    status,
    errorInfo: text("error_info") ?? text("errorInfo") ?? "",
    serverStatus: attempts.at(-1)?.status,
    serverRouted: attempts.length > 0,
    connectMs: attempts.at(-1)?.connectMs,
  });
  return {
    endMs: time.ms,
    exact: time.exact,
    ...optional("durationMs", durationMs),
    method,
    path,
    request: [method, path, text("httpVersion") ?? ""].filter((word) => word !== "").join(" "),
    ...optional("host", text("originalHost") ?? text("host")),
    status,
    bodyBytes: countOf(record.get("sentBytes")) ?? 0,
    ...optional("requestBytes", countOf(record.get("receivedBytes"))),
    client: text("clientIp") ?? "",
    ...optional("userAgent", text("userAgent")),
    ...optional("requestId", text("transactionId")),
    ...optional("upstreamName", text("backendPoolName")),
    attempts: finish(attempts, meaning),
    logsUpstream: true,
    ...meaning,
    format: azureAppGateway.name,
    hop: "load-balancer",
  };
}

const timeOf = (record: AzureRecord): ReturnType<typeof momentOf> =>
  momentOf(record.get("timeStamp")) ?? momentOf(record.get("time")) ?? momentOf(record.get("timeGenerated"));

/** What v1 puts into requestQuery; undefined for v2. */
interface V1Query {
  readonly routed: string | undefined;
  readonly status: string | undefined;
}

function ofV1(record: AzureRecord): V1Query | undefined {
  const query = textOf(record.get("requestQuery")) ?? "";
  const isV1 = /(?:^|&)(?:X-AzureApplicationGateway-|SERVER-(?:ROUTED|STATUS)=)/.test(query);
  const role = textOf(record.get("instanceId"))?.startsWith("ApplicationGatewayRole") === true;
  if (!isV1 && !role) return undefined;
  return {
    routed: /(?:^|&)SERVER-ROUTED=([^&]{1,300})/.exec(query)?.[1],
    status: /(?:^|&)SERVER-STATUS=(\d{3})(?:&|$)/.exec(query)?.[1],
  };
}

function takenMs(record: AzureRecord, v1: V1Query | undefined): number | undefined {
  const taken = numberOf(record.get("timeTaken"));
  if (taken === undefined || taken < 0) return undefined;
  return Math.round(v1 === undefined ? taken * 1000 : taken);
}

function pathOf(record: AzureRecord, v1: V1Query | undefined): string {
  const original = textOf(record.get("originalRequestUriWithArgs"));
  if (original !== undefined) return original;
  const path = textOf(record.get("requestUri")) ?? "";
  const query = v1 === undefined ? textOf(record.get("requestQuery")) : undefined;
  return query === undefined || path.includes("?") ? path : `${path}?${query}`;
}

/** v2 is nginx and writes nginx's lists when it asked more than one server. */
function attemptsFrom(record: AzureRecord, v1: V1Query | undefined): AttemptFields[] {
  if (v1 !== undefined) {
    if (v1.routed === undefined && v1.status === undefined) return [];
    const status = v1.status === undefined ? undefined : Number(v1.status);
    return [{ address: v1.routed ?? "-", group: 0, ...optional("status", status) }];
  }
  const list = (name: string): UpstreamList | undefined =>
    record.has(name) ? readList(textOf(record.get(name)) ?? "-", 0, 20) : undefined;
  return attemptsOf({
    address: list("serverRouted"),
    status: list("serverStatus"),
    time: list("serverResponseLatency"),
    connect: list("serverConnectTime"),
    header: list("serverHeaderTime"),
  });
}

/** error_info is about the attempt that the client's answer came of: the last one. */
function finish(
  attempts: readonly AttemptFields[],
  meaning: ReturnType<typeof meaningOfAppGw>,
): AttemptFields[] {
  return attempts.map((attempt, i) => {
    if (i < attempts.length - 1 || meaning.failure === undefined) return attempt;
    return { ...attempt, failure: meaning.failure, ...optional("message", meaning.message) };
  });
}
