import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Server, Socket } from "node:net";
import { createServer as createTcpServer } from "node:net";
import { afterEach } from "vitest";
import { type LoadPlan, sendLoad } from "../../../src/act/load/send-load.ts";
import type { SentRequest } from "../../../src/evidence/sent-request.ts";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

/** A server whose answers are the test's; "http://127.0.0.1:PORT/". */
export function httpServer(
  answer: (request: IncomingMessage, response: ServerResponse, index: number) => void,
  options: { readonly keepAliveTimeout?: number } = {},
): Promise<URL> {
  let index = 0;
  const server = createServer(options, (request, response) => answer(request, response, index++));
  return listening(server, () => server.closeAllConnections());
}

/** A server that does to a connection what the test wants. */
export function tcpServer(onSocket: (socket: Socket) => void): Promise<URL> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    onSocket(socket);
  });
  return listening(server, () => {
    for (const socket of sockets) socket.destroy();
  });
}

async function listening(server: Server, closeAll: () => void): Promise<URL> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(async () => {
    closeAll();
    await new Promise<void>((resolve) => void server.close(() => resolve()));
  });
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
}

/** A port on which nobody listens any more. */
export async function deadUrl(): Promise<URL> {
  const url = await tcpServer(() => {});
  await closers.pop()?.();
  return url;
}

export interface Ended {
  readonly sent: SentRequest;
  readonly restMs?: number;
}

export async function loadOf(
  url: URL,
  plan: Partial<LoadPlan> = {},
  signal?: AbortSignal,
): Promise<{ ended: Ended[]; pace: Awaited<ReturnType<typeof sendLoad>> }> {
  const ended: Ended[] = [];
  const pace = await sendLoad(
    {
      shot: { method: "GET", url, isInsecure: false },
      userAgent: "why5xx-test",
      perSecond: 200,
      forMs: 1000,
      answerMs: 5000,
      mostAtOnce: 500,
      graceMs: 200,
      ...plan,
    },
    {
      ...(signal === undefined ? {} : { signal }),
      onEnd: (sent, restMs) => void ended.push({ sent, ...(restMs === undefined ? {} : { restMs }) }),
    },
  );
  return { ended, pace };
}
