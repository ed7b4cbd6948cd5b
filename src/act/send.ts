import http from "node:http";
import https from "node:https";
import { isObject, type JsonObject } from "../base/json-value.ts";
import type { Connection } from "../gather/cluster/connection.ts";

/** One request that may change the cluster. Reading for a diagnosis never comes here. */
export interface SentRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Path and query, already encoded. */
  readonly path: string;
  readonly contentType?: string;
  readonly body?: unknown;
}

export interface Reply {
  readonly status: number;
  readonly body: JsonObject;
  /** What the API server warns of beside its answer (RFC 7234 §5.5, code 299). */
  readonly warnings: readonly string[];
}

/** No answer of the API server, or one that is no JSON object. */
class NoReply extends Error {
  override readonly name = "NoReply";
}

const deadlineMs = 30_000;
const maxBytes = 16 << 20;

/** Sends it once: a write that got no answer may have been done, so nothing is repeated. */
export function send(connection: Connection, request: SentRequest): Promise<Reply> {
  const { server } = connection;
  const isSecure = server.protocol === "https:";
  const payload = request.body === undefined ? undefined : JSON.stringify(request.body);
  return new Promise((resolve, reject) => {
    const outgoing = (isSecure ? https : http).request(
      {
        method: request.method,
        host: server.hostname.replace(/^\[|\]$/g, ""),
        port: server.port === "" ? (isSecure ? 443 : 80) : server.port,
        path: server.pathname.replace(/\/$/, "") + request.path,
        agent: connection.agent,
        auth: connection.auth ?? null,
        signal: AbortSignal.timeout(deadlineMs),
        headers: {
          ...connection.headers,
          Accept: "application/json",
          "User-Agent": "why5xx",
          ...(request.contentType === undefined ? {} : { "Content-Type": request.contentType }),
          ...(payload === undefined ? {} : { "Content-Length": Buffer.byteLength(payload) }),
        },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        let sizeBytes = 0;
        incoming.on("data", (chunk: Buffer) => {
          sizeBytes += chunk.length;
          if (sizeBytes > maxBytes) incoming.destroy(new Error("its answer is too large"));
          else chunks.push(chunk);
        });
        incoming.on("error", (error) => reject(noReply(request, error)));
        incoming.on("end", () => {
          const body = parsed(Buffer.concat(chunks).toString("utf8"));
          const warnings = warningsOf(incoming.headers["warning"]);
          if (body === undefined) reject(noReply(request, new Error("its answer is no JSON object")));
          else resolve({ status: incoming.statusCode ?? 0, body, warnings });
        });
      },
    );
    outgoing.on("error", (error) => reject(noReply(request, error)));
    outgoing.end(payload);
  });
}

const noReply = ({ method, path }: SentRequest, error: Error): NoReply =>
  new NoReply(`the API server did not answer ${method} ${path.split("?")[0]}: ${error.message}`);

function parsed(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** `299 - "unknown field \"spec.foo\""` */
const warningsOf = (header: string | string[] | undefined): string[] =>
  [header ?? []]
    .flat()
    .flatMap((value) => [...value.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)])
    .map((match) => (match[1] ?? "").replaceAll('\\"', '"'));
