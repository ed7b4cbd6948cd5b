import { parseObject } from "../json.ts";
import { jsonTimeMs } from "./app-time.ts";
import { type AppRequest, durationOf } from "./request.ts";

/** What a JSON logger's line says, brought to the same shape as a text line. */
export interface JsonLine {
  readonly timeMs: number;
  /** Message, error and the like, one after the other. */
  readonly text: string;
  readonly request?: AppRequest;
}

const timeKeys = ["time", "timestamp", "@timestamp", "ts", "t", "datetime", "date", "asctime", "Timestamp"];
const textKeys = [
  "msg",
  "message",
  "Message",
  "@m",
  "@mt",
  "MessageTemplate",
  "log",
  "event",
  "error",
  "err",
  "exception",
  "exc_info",
  "stack",
  "stack_trace",
  "reason",
  "address",
  "attr",
  "@x",
];
const methodKeys = [
  "method",
  "http.req.method",
  "http.method",
  "request_method",
  "verb",
  "RequestMethod",
  "http_method",
];
const pathKeys = [
  "path",
  "url",
  "uri",
  "http.req.path",
  "http.target",
  "http.path",
  "request_uri",
  "RequestPath",
  "originalUrl",
  "http_path",
];
const statusKeys = [
  "status",
  "statusCode",
  "status_code",
  "http.resp.status",
  "http.status_code",
  "code",
  "StatusCode",
  "response_status",
  "http_status",
];
const durationKeys = [
  "responseTime",
  "duration_ms",
  "durationMs",
  "took_ms",
  "http.resp.took_ms",
  "elapsed_ms",
  "latency_ms",
  "Elapsed",
  "duration",
  "latency",
  "elapsed",
  "took",
];

export function readJsonLine(line: string): JsonLine | undefined {
  const entry = parseObject(line);
  if (entry === undefined) return undefined;
  const request = requestOf(entry);
  return { timeMs: timeOf(entry), text: textOf(entry), ...(request === undefined ? {} : { request }) };
}

function timeOf(entry: Record<string, unknown>): number {
  for (const key of timeKeys) {
    const timeMs = Object.hasOwn(entry, key) ? jsonTimeMs(entry[key]) : Number.NaN;
    if (!Number.isNaN(timeMs)) return timeMs;
  }
  return Number.NaN;
}

function textOf(entry: Record<string, unknown>): string {
  const words: string[] = [];
  for (const key of textKeys) {
    const value = Object.hasOwn(entry, key) ? entry[key] : undefined;
    if (typeof value === "string") words.push(value);
    else if (isObject(value)) words.push(textOfError(value));
  }
  const port = entry["port"];
  const text = words.join(" ");
  return (typeof port === "number" || typeof port === "string") && !text.includes(String(port))
    ? `${text} port ${port}`
    : text;
}

/** {"type":"Error","message":"…","code":"ECONNREFUSED","address":"…","port":6379} */
function textOfError(error: Record<string, unknown>): string {
  const parts = ["type", "name", "message", "msg", "code", "error"]
    .map((key) => error[key])
    .filter((value) => typeof value === "string");
  const { address, port } = error;
  if (typeof address === "string" && typeof port === "number") parts.push(`${address}:${port}`);
  else if (typeof port === "number") parts.push(`port ${port}`);
  const stack = error["stack"];
  if (typeof stack === "string" && parts.length === 0) parts.push(stack);
  return parts.join(" ");
}

function requestOf(entry: Record<string, unknown>): AppRequest | undefined {
  const scopes = [
    entry,
    entry["req"],
    entry["res"],
    entry["request"],
    entry["response"],
    entry["httpRequest"],
    entry["http"],
    entry["fields"],
  ].filter(isObject);
  const method = first(scopes, methodKeys);
  const path = first(scopes, pathKeys);
  const status = Number(first(scopes, statusKeys));
  if (typeof method !== "string" || typeof path !== "string" || !/^[A-Z]{3,10}$/.test(method))
    return undefined;
  if (!Number.isInteger(status) || status < 100 || status > 599) return undefined;
  const key = durationKeys.find((name) => scopes.some((scope) => Object.hasOwn(scope, name)));
  const durationMs = key === undefined ? undefined : durationOf(key, first(scopes, [key]));
  return { method, path, status, ...(durationMs === undefined ? {} : { durationMs }) };
}

function first(scopes: readonly Record<string, unknown>[], keys: readonly string[]): unknown {
  for (const key of keys) {
    for (const scope of scopes) {
      const value = Object.hasOwn(scope, key) ? scope[key] : undefined;
      if (typeof value === "string" || typeof value === "number") return value;
    }
  }
  return undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
