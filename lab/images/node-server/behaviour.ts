import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { Route } from "./config.ts";

/** What has been leaked. */
const kept: Buffer[] = [];

const latencyOf = (route: Route, uptimeMs: number): number => {
  const latency = route.latencyMs ?? 0;
  if (typeof latency === "number") return latency;
  if ("from" in latency) {
    const { afterMs = 0, overMs } = latency;
    const share = Math.min(1, Math.max(0, uptimeMs - afterMs) / overMs);
    return latency.from + (latency.to - latency.from) * share;
  }
  const [low, high] = latency;
  return low + Math.random() * (high - low);
};

/** Work before the answer. */
export async function work(route: Route, uptimeMs: number): Promise<void> {
  if (route.crash === true) throw new TypeError("Cannot read properties of undefined (reading 'items')");
  if (route.deadlock === true) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  if (route.allocMb !== undefined) kept.push(Buffer.alloc(route.allocMb * 2 ** 20, 1));
  if (route.cpuMs !== undefined) spin(route.cpuMs);
  const latencyMs = latencyOf(route, uptimeMs);
  if (latencyMs > 0) await delay(latencyMs);
}

/** Uses so much processor time, however long that takes under a limit. */
function spin(cpuMs: number): void {
  const before = process.cpuUsage();
  for (;;) {
    const { user, system } = process.cpuUsage(before);
    if (user + system >= cpuMs * 1000) return;
  }
}

const rawAnswers = {
  "status-line": "HTTP/1.1 OK\r\nContent-Length: 2\r\n\r\nok",
  header: "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nX-Trace\0Id: 1\r\nContent-Length: 2\r\n\r\nok",
  lengths: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 5\r\n\r\nok",
} as const;

/** Answers, well or badly. Returns the status as the application would log it; undefined when it sends none. */
export function answer(route: Route, request: IncomingMessage, response: ServerResponse): number | undefined {
  const socket: Socket | null = response.socket;
  if (route.closeBeforeHeader !== undefined && route.closeBeforeHeader !== false) {
    if (route.closeBeforeHeader === "reset") socket?.resetAndDestroy();
    else socket?.destroy();
    return undefined;
  }
  if (route.malformed !== undefined) {
    socket?.end(rawAnswers[route.malformed]);
    return 200;
  }
  const status = route.status ?? 200;
  const body = bodyOf(route, status, request);
  response.statusCode = status;
  response.setHeader("Content-Type", "application/json");
  response.setHeader("Content-Length", body.length);
  if (route.headerBytes !== undefined) response.setHeader("X-Session", "s".repeat(route.headerBytes));
  if (route.cut === true) {
    response.write(body.subarray(0, Math.ceil(body.length / 2)), () => socket?.destroy());
    return status;
  }
  response.end(body, () => {
    if (route.closeAfter === true) socket?.end();
  });
  return status;
}

function bodyOf(route: Route, status: number, request: IncomingMessage): Buffer {
  const text = JSON.stringify(
    status < 400 ? { path: request.url, ok: true } : { error: "internal error", path: request.url },
  );
  return Buffer.from(route.bodyBytes === undefined ? text : text.padEnd(route.bodyBytes, " "));
}
