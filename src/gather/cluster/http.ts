import http, { type ClientRequest, type IncomingMessage } from "node:http";
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
 * rejects with NoResponse.
 */
export function get(connection: Connection, request: HttpRequest): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const late = (): void => {
      outgoing.destroy(
        Object.assign(new Error(`no answer in ${request.deadlineMs} ms`), { code: "deadline" }),
      );
    };
    const timer = setTimeout(late, request.deadlineMs);
    const outgoing = send(connection, request.path, request.accept, { "Accept-Encoding": "gzip" });
    outgoing.on("response", (incoming) => {
      readBody(incoming, request.maxBytes, (body) => {
        clearTimeout(timer);
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, ...body });
      });
    });
    outgoing.on("error", (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(new NoResponse(error.code ?? "unknown", error.message));
    });
  });
}

/** Sends one GET to the API server. Nothing else in gathering touches the network. */
function send(
  connection: Connection,
  path: string,
  accept: string,
  headers: Readonly<Record<string, string>> = {},
): ClientRequest {
  const secure = connection.server.protocol === "https:";
  const outgoing = (secure ? https : http).request({
    host: connection.server.hostname.replace(/^\[|\]$/g, ""),
    port: connection.server.port === "" ? (secure ? 443 : 80) : connection.server.port,
    path: connection.server.pathname.replace(/\/$/, "") + path,
    agent: connection.agent,
    auth: connection.auth ?? null,
    headers: { ...connection.headers, Accept: accept, "User-Agent": "why5xx", ...headers },
  });
  outgoing.end();
  return outgoing;
}

/** The head of a GET whose body goes on until the server or `signal` ends it: a watch, a log that is followed. */
export interface StreamRequest {
  readonly path: string;
  readonly accept: string;
  /** Until the response's head. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

/** Pings of the operating system tell of a peer that went without a word (a suspended machine, a NAT's timeout). */
const keepAliveMs = 15_000;

/** A GET whose body stays open; what is not 200 comes with its body, cut at 64 kB. Rejects with NoResponse. */
export function openStream(
  connection: Connection,
  { path, accept, deadlineMs, signal }: StreamRequest,
): Promise<IncomingMessage | HttpResponse> {
  return new Promise((resolve, reject) => {
    const outgoing = send(connection, path, accept);
    const end = (code: string, message: string) => (): void =>
      void outgoing.destroy(Object.assign(new Error(message), { code }));
    const timer = setTimeout(end("deadline", `no answer in ${deadlineMs} ms`), deadlineMs);
    const stop = end("stopped", "stopped");
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    outgoing.on("close", () => signal.removeEventListener("abort", stop));
    outgoing.on("socket", (socket) => socket.setKeepAlive(true, keepAliveMs));
    outgoing.on("response", (incoming) => {
      clearTimeout(timer);
      if (incoming.statusCode === 200) resolve(incoming);
      else
        readBody(incoming, 64 << 10, (body) =>
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, ...body }),
        );
    });
    outgoing.on("error", (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(new NoResponse(error.code ?? "unknown", error.message));
    });
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
