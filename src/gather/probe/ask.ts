import { createHash } from "node:crypto";
import http, { type IncomingMessage } from "node:http";
import { connect as connectTcp, isIP, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { connect as connectTls, type TLSSocket } from "node:tls";
import type { HopProblem, HopTimings, ProbedHop, SeenAnswer, SeenTls } from "../../evidence/probed-hop.ts";
import { ForwardProblem } from "../cluster/port-forward.ts";
import { seenTls } from "./seen-tls.ts";

/** One GET or HEAD, sent once. */
export interface ProbeRequest {
  readonly method: string;
  readonly url: URL;
  readonly isInsecure: boolean;
  /** For the whole exchange. */
  readonly deadlineMs: number;
}

/** How the connection is made, and whether TLS is spoken on it. */
export interface Way {
  readonly open: () => Promise<Duplex>;
  readonly isSecure: boolean;
  /** Certificates of pods are not checked by gateways, as a rule. */
  readonly isUnchecked?: true;
}

type Asked = Pick<ProbedHop, "connectedTo" | "tls" | "answer" | "problem" | "timings" | "unasked">;

const maxBodyBytes = 64 << 10;
const startChars = 160;

/** A connection to a host, with Node's own choice among its addresses. */
export const direct = (host: string, port: number) => (): Promise<Duplex> =>
  new Promise((resolve, reject) => {
    const socket = connectTcp({ host, port, autoSelectFamily: true });
    socket.once("connect", () => resolve(socket.off("error", reject)));
    socket.once("error", reject);
  });

/** Sends the request once and tells how far it came; never throws. */
export async function ask(request: ProbeRequest, way: Way): Promise<Asked> {
  const startMs = performance.now();
  const marks: { connectedMs?: number; securedMs?: number; firstByteMs?: number } = {};
  let phase: HopProblem["phase"] = "connect";
  let connectedTo: string | undefined;
  let tls: SeenTls | undefined;
  let answer: SeenAnswer | undefined;
  let problem: HopProblem | undefined;
  let unasked: ProbedHop["unasked"];
  const deadline = newDeadline(request.deadlineMs);
  const opened: Duplex[] = [];
  try {
    const plain = await deadline.within(
      way.open().then((socket) => {
        opened.push(socket);
        if (deadline.isOver()) socket.destroy();
        return socket;
      }),
    );
    plain.on("error", () => {});
    marks.connectedMs = performance.now();
    connectedTo = (plain as Partial<Socket>).remoteAddress;
    let socket: Duplex = plain;
    if (way.isSecure) {
      phase = "tls";
      const secure = await deadline.within(secured(plain, request.url));
      opened.push(secure);
      marks.securedMs = performance.now();
      tls = seenTls(secure, serverNameOf(request.url));
      socket = secure;
      if (!tls.isVerified && !request.isInsecure && way.isUnchecked !== true)
        throw Object.assign(new Error(tls.why ?? "not verified"), {
          code: codeOf(secure.authorizationError),
        });
    }
    phase = "answer";
    const response = await deadline.within(sent(request, socket));
    marks.firstByteMs = performance.now();
    phase = "body";
    answer = answerOf(response, Buffer.alloc(0));
    answer = answerOf(response, await deadline.within(bodyOf(response)));
  } catch (error) {
    if (
      error instanceof ForwardProblem &&
      (error.kind === "forbidden" || error.kind === "failed" || error.kind === "gone")
    )
      unasked = { reason: error.message, ...(error.next === undefined ? {} : { next: error.next }) };
    else problem = problemOf(error, phase, request.deadlineMs);
  } finally {
    deadline.clear();
    closeFromOutside(opened);
  }
  return {
    timings: timingsOf(startMs, marks),
    ...(connectedTo === undefined ? {} : { connectedTo }),
    ...(tls === undefined ? {} : { tls }),
    ...(answer === undefined ? {} : { answer }),
    ...(problem === undefined ? {} : { problem }),
    ...(unasked === undefined ? {} : { unasked }),
  };
}

/** TLS before what it is spoken on: the other way round Node 24 ends with a segmentation fault. */
function closeFromOutside(opened: readonly Duplex[]): void {
  const [inner, outer] = opened;
  if (outer === undefined) inner?.destroy();
  else outer.once("close", () => inner?.destroy()).destroy();
}

/** Of a name, not of an address: RFC 6066 §3. */
function serverNameOf(url: URL): string | undefined {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return isIP(host) === 0 ? host : undefined;
}

function secured(plain: Duplex, url: URL): Promise<TLSSocket> {
  const servername = serverNameOf(url);
  return new Promise((resolve, reject) => {
    if (plain.errored !== null) {
      reject(plain.errored);
      return;
    }
    const socket = connectTls({
      socket: plain,
      // Checked by us, so that a chain that does not hold can be shown.
      rejectUnauthorized: false,
      ALPNProtocols: ["http/1.1"],
      ...(servername === undefined ? { host: url.hostname.replace(/^\[|\]$/g, "") } : { servername }),
    });
    socket.once("secureConnect", () => resolve(socket));
    socket.once("error", reject);
    plain.once("error", reject);
    plain.once("close", () =>
      reject(
        Object.assign(new Error("the connection was closed during the TLS handshake"), { code: "closed" }),
      ),
    );
  });
}

function sent({ method, url }: ProbeRequest, socket: Duplex): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    if (socket.errored !== null) {
      reject(socket.errored);
      return;
    }
    const request = http.request({
      method,
      path: url.pathname + url.search,
      createConnection: () => socket as Socket,
      headers: { Host: url.host, "User-Agent": "why5xx-probe", Accept: "*/*", Connection: "close" },
    });
    request.on("response", resolve);
    request.on("error", reject);
    socket.once("error", reject);
    request.end();
  });
}

function bodyOf(response: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    const whole = (): void => resolve(Buffer.concat(chunks).subarray(0, maxBodyBytes));
    response.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      sizeBytes += chunk.length;
      if (sizeBytes >= maxBodyBytes) whole();
    });
    response.on("end", whole);
    response.on("error", reject);
    response.on("aborted", () =>
      reject(Object.assign(new Error("the answer was cut short"), { code: "cut" })),
    );
  });
}

/** What says who answered, and where to go on. */
const telling = [
  "server",
  "via",
  "x-powered-by",
  "x-cache",
  "cf-ray",
  "x-envoy-upstream-service-time",
  "location",
  "content-type",
  "retry-after",
  "www-authenticate",
];

function answerOf(response: IncomingMessage, body: Buffer): SeenAnswer {
  const headers: Record<string, string> = {};
  for (const name of telling) {
    const value = response.headers[name];
    if (value !== undefined) headers[name] = String(value).slice(0, 300);
  }
  return {
    status: response.statusCode ?? 0,
    statusText: (response.statusMessage ?? "").slice(0, 100),
    headers,
    bodyBytes: body.length,
    bodyHash: createHash("sha256").update(body).digest("hex"),
    bodyStart: body
      .subarray(0, 4 * startChars)
      .toString("utf8")
      .slice(0, startChars),
  };
}

function problemOf(error: unknown, phase: HopProblem["phase"], deadlineMs: number): HopProblem {
  if (error instanceof ForwardProblem)
    return {
      phase: "connect",
      code: error.kind === "refused" ? "ECONNREFUSED" : "EHOSTUNREACH",
      text: error.kind === "refused" ? "nothing listens there" : error.message,
    };
  const code = codeOf(error);
  if (code === "deadline") return { phase, code, text: `nothing came in ${deadlineMs / 1000} s` };
  const message = sslReason(error instanceof Error ? error.message : String(error));
  const first = error instanceof AggregateError ? error.errors[0] : undefined;
  return {
    phase,
    code,
    text: message !== "" ? message.slice(0, 300) : first instanceof Error ? first.message : code,
  };
}

/** OpenSSL's own words without their surroundings: "401D…:error:0A00010B:SSL routines:f:wrong version number:file.c:77:". */
function sslReason(message: string): string {
  const reason = /:error:[\dA-F]+:[^:]*:[^:]*:([^:]+):/.exec(message)?.[1];
  if (reason === undefined) return message;
  return reason === "wrong version number" ? "what answers does not speak TLS" : reason;
}

function codeOf(error: unknown): string {
  if (typeof error === "string") return error;
  if (typeof error !== "object" || error === null) return "unknown";
  if ("code" in error && typeof error.code === "string") return error.code;
  return "message" in error && typeof error.message === "string" ? error.message.slice(0, 60) : "unknown";
}

const round = (ms: number): number => Math.round(ms * 10) / 10;

function timingsOf(
  startMs: number,
  marks: { connectedMs?: number; securedMs?: number; firstByteMs?: number },
): HopTimings {
  const { connectedMs, securedMs, firstByteMs } = marks;
  return {
    ...(connectedMs === undefined ? {} : { connectMs: round(connectedMs - startMs) }),
    ...(securedMs === undefined || connectedMs === undefined
      ? {}
      : { tlsMs: round(securedMs - connectedMs) }),
    ...(firstByteMs === undefined
      ? {}
      : { firstByteMs: round(firstByteMs - (securedMs ?? connectedMs ?? startMs)) }),
    totalMs: round(performance.now() - startMs),
  };
}

function newDeadline(ms: number) {
  const { promise: late, reject } = Promise.withResolvers<never>();
  late.catch(() => {});
  const state = { isOver: false };
  const timer = setTimeout(() => {
    state.isOver = true;
    reject(Object.assign(new Error("late"), { code: "deadline" }));
  }, ms);
  return {
    within: <T>(work: Promise<T>): Promise<T> => {
      work.catch(() => {});
      return Promise.race([work, late]);
    },
    isOver: () => state.isOver,
    clear: () => clearTimeout(timer),
  };
}
