import type { AppTopic } from "./app-rule.ts";

/** A request as the application's own access log tells it. */
export interface AppRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly durationMs?: number;
}

const methods = "GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|CONNECT|TRACE";
/** Common, combined, uvicorn, werkzeug, Django: `"GET / HTTP/1.1" 200`. */
const quoted = new RegExp(String.raw`"(${methods}) (\S{1,8000}) HTTP\/[\d.]+" (\d{3})\b`);
/** gin: `[GIN] 2026/11/20 - 14:47:01 | 200 |     1.2ms |  10.0.0.1 | GET      "/x"`. */
const gin = new RegExp(
  String.raw`\[GIN\].{0,40}\| *(\d{3}) \| *([\d.]+[µa-z]+) \|.{0,60}\| *(${methods}) +"?([^\s"]+)`,
);
/** morgan: `GET /x 200 3.123 ms - 12`. */
const morgan = new RegExp(String.raw`(?:^|\s)(${methods}) (\/\S{0,8000}) (\d{3}) ([\d.]+) ms\b`);
/** ASP.NET Core: `Request finished HTTP/1.1 GET http://host/x - 200 - text/html 12.3ms`. */
const aspNet = new RegExp(
  String.raw`Request finished HTTP\/[\d.]+ (${methods}) (\S{1,8000}) .{0,80}?- (\d{3}) .{0,120}? ([\d.]+)ms`,
);
/** lograge and other key=value lines. */
const pairMethod = new RegExp(String.raw`(?:^|\s)method="?(${methods})\b`);
const pairPath = /(?:^|\s)(?:path|uri|url)="?([^\s"]{1,8000})/;
const pairStatus = /(?:^|\s)status="?(\d{3})\b/;
const pairDuration = /(?:^|\s)(duration|took|latency|elapsed)="?([\d.]{1,20})([µa-z]{0,2})\b/;

/** The request of an access line of the application; undefined for other lines. */
export function readAppRequest(text: string): AppRequest | undefined {
  const line = quoted.exec(text);
  if (line !== null) return request(line[1], line[2], line[3]);
  if (text.includes("[GIN]")) {
    const m = gin.exec(text);
    if (m !== null) return request(m[3], m[4], m[1], durationOf("duration", m[2]));
  }
  const dev = morgan.exec(text) ?? (text.includes("Request finished") ? aspNet.exec(text) : null);
  if (dev !== null) return request(dev[1], dev[2], dev[3], Math.round(Number(dev[4])));
  return text.includes("method=") ? readPairs(text) : undefined;
}

function readPairs(text: string): AppRequest | undefined {
  const method = pairMethod.exec(text);
  const path = pairPath.exec(text);
  const status = pairStatus.exec(text);
  if (method === null || path === null || status === null) return undefined;
  const [, key = "", number = "", unit = ""] = pairDuration.exec(text) ?? [];
  // lograge writes milliseconds and no unit
  const durationMs = durationOf(key === "duration" && unit === "" ? "duration_ms" : key, `${number}${unit}`);
  return request(method[1], path[1], status[1], number === "" ? undefined : durationMs);
}

function request(method = "", path = "", status = "", durationMs?: number): AppRequest | undefined {
  const code = Number(status);
  if (code < 100 || code > 599) return undefined;
  return {
    method,
    path,
    status: code,
    ...(durationMs === undefined || Number.isNaN(durationMs) ? {} : { durationMs }),
  };
}

const units: Readonly<Record<string, number>> = { ns: 1e-6, µs: 1e-3, us: 1e-3, ms: 1, s: 1000, m: 60_000 };

/** Milliseconds of a logged duration: by its own unit, else by its key; undefined when neither says the unit. */
export function durationOf(key: string, value: unknown): number | undefined {
  if (typeof value === "string") {
    const m = /^([\d.]{1,20}) ?([µa-z]{1,2})$/.exec(value);
    const unit = m === null ? undefined : units[m[2] ?? ""];
    if (m !== null && unit !== undefined) return Math.round(Number(m[1]) * unit);
  }
  const number = Number(value);
  if (!Number.isFinite(number) || number < 0) return undefined;
  return /ms$|^responseTime$|^Elapsed$/i.test(key) ? Math.round(number) : undefined;
}

/** Access lines are read by `readAppRequest` and by the JSON reader, not by rules. */
export const requestTopic: AppTopic = {
  stems: ["HTTP/", "[GIN", "method", 'verb"', " ms -", "Request finished"],
  rules: [],
};
