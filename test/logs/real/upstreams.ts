import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import { Worker } from "node:worker_threads";
import { freePort } from "./listening.ts";

export type Fault = keyof typeof behaviours | "refused" | "tls" | "backlog";

const head = (status: string, length: number, more = ""): string =>
  `HTTP/1.1 ${status}\r\nContent-Length: ${length}\r\n${more}\r\n`;

/** What each broken server does once a request has arrived. */
const behaviours = {
  ok: (socket: Socket) => void socket.write(`${head("200 OK", 2)}ok`),
  closed: (socket: Socket) => void socket.end(),
  reset: (socket: Socket) => void socket.resetAndDestroy(),
  hang: () => undefined,
  bigHeader: (socket: Socket) =>
    void socket.write(`${head("200 OK", 2, `Set-Cookie: a=${"x".repeat(9000)}\r\n`)}ok`),
  badHeader: (socket: Socket) => void socket.write(`${head("200 OK", 2, "X-Trace\u0001: 1\r\n")}ok`),
  banner: (socket: Socket) => void socket.end("SSH-2.0-OpenSSH_9.6\r\n"),
  cut: (socket: Socket) => void socket.end(`${head("200 OK", 1000)}only this`),
  stalled: (socket: Socket) => void socket.write(`${head("200 OK", 1000)}only this`),
  own502: (socket: Socket) => void socket.write(`${head("502 Bad Gateway", 4)}mine`),
  own503: (socket: Socket) => void socket.write(`${head("503 Service Unavailable", 4)}mine`),
  own504empty: (socket: Socket) => void socket.write(head("504 Gateway Timeout", 0)),
  own500: (socket: Socket) => void socket.write(`${head("500 Internal Server Error", 4)}mine`),
} satisfies Record<string, (socket: Socket) => void>;

export interface Upstreams {
  port(fault: Fault): number;
  stop(): Promise<void>;
}

/** One server per fault, all on loopback. */
export async function startUpstreams(): Promise<Upstreams> {
  const ports = new Map<Fault, number>();
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  for (const [name, behave] of Object.entries(behaviours)) {
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.once("data", () => behave(socket));
    });
    ports.set(name as Fault, await listen(server));
    servers.push(server);
  }
  const tls = tlsServer();
  ports.set("tls", await listen(tls));
  ports.set("refused", await freePort());
  const backlog = await startFullBacklog(sockets);
  ports.set("backlog", backlog.port);
  return {
    port: (fault) => ports.get(fault) ?? 0,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await Promise.all([...servers, tls].map((server) => new Promise((resolve) => server.close(resolve))));
      await backlog.worker.terminate();
    },
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(address === null || typeof address === "string" ? 0 : address.port);
    });
  });
}

function tlsServer(): Server {
  const dir = mkdtempSync(join(tmpdir(), "why5xx-tls-"));
  const [key, cert] = [join(dir, "key.pem"), join(dir, "cert.pem")];
  execFileSync(
    "openssl",
    [
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:prime256v1",
      "-nodes",
      "-keyout",
      key,
      "-out",
      cert,
      "-subj",
      "/CN=web",
      "-days",
      "2",
    ],
    { stdio: "ignore" },
  );
  const server = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (socket) =>
    socket.end(`${head("200 OK", 2)}ok`),
  );
  rmSync(dir, { recursive: true });
  server.on("tlsClientError", () => undefined);
  return server;
}

const neverAccepts = `
const { parentPort } = require("node:worker_threads");
const server = require("node:net").createServer();
server.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
  parentPort.postMessage(server.address().port);
  setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0), 50);
});`;

/** A listener that accepts nothing and whose queue is full: the kernel drops further SYNs. */
async function startFullBacklog(sockets: Set<Socket>): Promise<{ port: number; worker: Worker }> {
  const worker = new Worker(neverAccepts, { eval: true });
  const port = await new Promise<number>((resolve) => worker.once("message", resolve));
  await new Promise((resolve) => setTimeout(resolve, 150));
  for (let i = 0; i < 4; i++) {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => undefined);
    sockets.add(socket);
  }
  await new Promise((resolve) => setTimeout(resolve, 150));
  return { port, worker };
}
