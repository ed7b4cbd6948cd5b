import { spawn } from "node:child_process";
import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, untilOpen } from "./listening.ts";
import type { Fault } from "./upstreams.ts";

/** A running HAProxy on loopback; its log goes to stdout as it is and to two syslog sockets. */
export interface Haproxy {
  readonly port: number;
  /** The same frontend with captured headers. */
  readonly capturePort: number;
  /** What it wrote until now. */
  readonly log: () => { readonly raw: string; readonly rfc3164: string; readonly rfc5424: string };
  stop(): Promise<void>;
}

export const timersMs = { connect: 600, server: 1000, queue: 400 } as const;

/** A backend by its name, which is also the path that leads to it. */
export type Backends = Readonly<Record<string, (port: (fault: Fault) => number) => string>>;

/** Starts `haproxy` and waits until it listens. */
export async function startHaproxy(backends: Backends, port: (fault: Fault) => number): Promise<Haproxy> {
  const dir = mkdtempSync(join(tmpdir(), "why5xx-haproxy-"));
  const ports = { plain: await freePort(), capture: await freePort() };
  const [older, newer] = [await listen(), await listen()];
  const file = join(dir, "haproxy.cfg");
  writeFileSync(file, config(backends, port, ports, [older.port, newer.port]));
  const child = spawn("haproxy", ["-db", "-f", file], { stdio: ["ignore", "pipe", "pipe"] });
  const raw: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => raw.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
  await untilOpen(ports.plain, child, () => Buffer.concat(errors).toString("utf8"));
  return {
    port: ports.plain,
    capturePort: ports.capture,
    log: () => ({
      raw: Buffer.concat(raw).toString("latin1"),
      rfc3164: older.lines.join("\n"),
      rfc5424: newer.lines.join("\n"),
    }),
    stop: async () => {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
      older.socket.close();
      newer.socket.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function config(
  backends: Backends,
  port: (fault: Fault) => number,
  ports: { plain: number; capture: number },
  [older, newer]: readonly [number, number],
): string {
  const names = Object.keys(backends);
  const rules = `
    http-request return status 503 if { path /returned }
    http-request deny deny_status 503 if { path /denied }
    ${names.map((name) => `use_backend ${name} if { path /${name} } || { path_beg /${name}/ }`).join("\n    ")}`;
  return `
global
    log stdout len 1024 format raw local0
    log 127.0.0.1:${older} format rfc3164 local0
    log 127.0.0.1:${newer} format rfc5424 local0
    tune.bufsize 4096
    tune.maxrewrite 512
defaults
    mode http
    log global
    option httplog
    option redispatch
    option abortonclose
    retries 1
    timeout connect ${timersMs.connect}ms
    timeout server ${timersMs.server}ms
    timeout queue ${timersMs.queue}ms
    timeout client 10s
frontend http-in
    bind 127.0.0.1:${ports.plain}
    ${rules}
frontend captured
    bind 127.0.0.1:${ports.capture}
    capture request header Host len 40
    capture request header User-Agent len 60
    capture response header Content-Type len 30
    ${rules}
${names.map((name) => `backend ${name}\n    ${backends[name]?.(port)}`).join("\n")}
`;
}

async function listen(): Promise<{ socket: UdpSocket; port: number; lines: string[] }> {
  const socket = createSocket("udp4");
  const lines: string[] = [];
  socket.on("message", (message) => lines.push(message.toString("latin1").trimEnd()));
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return { socket, port: socket.address().port, lines };
}
