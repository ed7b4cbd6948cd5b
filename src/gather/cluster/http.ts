import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import { createGunzip } from "node:zlib";
import type { Connection } from "./connection.ts";

export interface HttpRequest {
  /** Path and query, already encoded. */
  readonly path: string;
  readonly accept: string;
  /** For the whole exchange, connecting included. */
  readonly deadlineMs: number;
  readonly maxBytes: number;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
  readonly wireBytes: number;
  /** The body stops short: the byte limit, the deadline, or a connection that ended early. */
  readonly cut?: "limit" | "deadline" | "closed";
}

/** The default of 16 kB makes hundreds of events a page. */
const gunzipChunkBytes = 256 << 10;

/** The exchange ended without a response's head. */
export class NoResponse extends Error {
  override readonly name = "NoResponse";
  /** "deadline", or Node's and OpenSSL's code: ECONNREFUSED, CERT_HAS_EXPIRED, … */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * One GET. Resolves with whatever arrived once there was a response head, says where it was cut;
 * rejects with NoResponse. Nothing else in gathering touches the network.
 */
export function get(connection: Connection, request: HttpRequest): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const secure = connection.server.protocol === "https:";
    const late = (): void => {
      outgoing.destroy(
        Object.assign(new Error(`no answer in ${request.deadlineMs} ms`), { code: "deadline" }),
      );
    };
    const timer = setTimeout(late, request.deadlineMs);
    const outgoing = (secure ? https : http).request(
      {
        host: connection.server.hostname.replace(/^\[|\]$/g, ""),
        port: connection.server.port === "" ? (secure ? 443 : 80) : connection.server.port,
        path: connection.server.pathname.replace(/\/$/, "") + request.path,
        agent: connection.agent,
        auth: connection.auth ?? null,
        headers: {
          ...connection.headers,
          Accept: request.accept,
          "Accept-Encoding": "gzip",
          "User-Agent": "why5xx",
        },
      },
      (incoming) => {
        readBody(incoming, request.maxBytes, (body) => {
          clearTimeout(timer);
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, ...body });
        });
      },
    );
    outgoing.on("error", (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(new NoResponse(error.code ?? "unknown", error.message));
    });
    outgoing.end();
  });
}

type Body = Pick<HttpResponse, "body" | "wireBytes" | "cut">;

function readBody(incoming: IncomingMessage, maxBytes: number, done: (body: Body) => void): void {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  let wireBytes = 0;
  let finished = false;
  const finish = (cut?: HttpResponse["cut"]): void => {
    if (finished) return;
    finished = true;
    if (cut !== undefined) incoming.destroy();
    done({ body: Buffer.concat(chunks, sizeBytes), wireBytes, ...(cut === undefined ? {} : { cut }) });
  };
  const broken = (error: NodeJS.ErrnoException): void =>
    finish(error.code === "deadline" ? "deadline" : "closed");

  incoming.on("data", (chunk: Buffer) => (wireBytes += chunk.length));
  incoming.on("error", broken);
  const plain =
    incoming.headers["content-encoding"] === "gzip"
      ? incoming.pipe(createGunzip({ chunkSize: gunzipChunkBytes }))
      : incoming;
  if (plain !== incoming) plain.on("error", broken);
  plain.on("data", (chunk: Buffer) => {
    if (finished) return;
    const room = maxBytes - sizeBytes;
    const kept = chunk.length > room ? chunk.subarray(0, room) : chunk;
    chunks.push(kept);
    sizeBytes += kept.length;
    if (kept.length < chunk.length) finish("limit");
  });
  plain.on("end", () => finish(incoming.complete ? undefined : "closed"));
}
