import { mkdtempSync, rmSync } from "node:fs";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer, get, type IncomingMessage, type RequestOptions, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect } from "vitest";
import { spawnAsRoot } from "../kubelet/spawn-as-root.ts";
import { programOf } from "../../../lab/images/catalogue.ts";
import { type ContainerProcess, startProcess } from "../../../lab/kubelet/container/process.ts";

/** A program of an image, as a container on the loopback network of this machine. */
export interface Image {
  readonly port: number;
  readonly process: ContainerProcess;
  /** All it has printed. */
  output(): string;
}

const running: { readonly process: ContainerProcess; readonly folder: string }[] = [];
afterEach(async () => {
  for (const { process, folder } of running.splice(0)) {
    process.signal("SIGKILL");
    await process.exited;
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Of this test file alone: nobody takes a port of it meanwhile. */
export const host = `127.${randomInt(16, 240)}.${randomInt(256)}.1`;
let lastPort = 8080;

export function run(
  image: string,
  env: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
): Image {
  const program = programOf(image);
  if (program === undefined) throw new Error(`no program for ${image}`);
  const port = ++lastPort;
  const folder = mkdtempSync(join(tmpdir(), "why5xx-image-"));
  const command = {
    file: program.file,
    args: [...program.args, ...args],
    env: { PATH: process.env["PATH"] ?? "", TMPDIR: folder, POD_IP: host, PORT: String(port), ...env },
    cwd: folder,
  };
  let text = "";
  const write = (_stream: string, bytes: Buffer): void => void (text += bytes.toString());
  const started = startProcess({ spawn: spawnAsRoot }, "shop/cart", command, folder, {
    write,
    end: () => {},
  });
  running.push({ process: started, folder });
  return { port, process: started, output: () => text };
}

/** Once it says that it listens. */
export async function listening(image: string, env: Readonly<Record<string, string>> = {}): Promise<Image> {
  const started = run(image, env);
  await expect.poll(() => started.output()).toMatch(/listening on|Serving HTTP/);
  return started;
}

export interface HeldDependency {
  readonly url: string;
  /** Requests that have come so far. */
  asked(): number;
  /** Answers the oldest request that waits. */
  release(): void;
  close(): void;
}

/** A dependency that answers when it is told to: who asks it is busy until then, however slow the machine. */
export async function heldDependency(): Promise<HeldDependency> {
  const waiting: ServerResponse[] = [];
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    waiting.push(response);
  }).listen(0, host);
  await once(server, "listening");
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}/`,
    asked: () => asked,
    release: () => void waiting.shift()?.end("ok"),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  readonly isWhole: boolean;
  readonly ms: number;
}

/** Rejects with the error of the socket. */
export function ask(port: number, path: string, options: RequestOptions = {}): Promise<Reply> {
  const startedMs = performance.now();
  return new Promise((resolve, reject) => {
    const request = get({ host, port, path, agent: false, ...options }, (response) => {
      let body = "";
      response.on("data", (bytes: Buffer) => (body += bytes.toString()));
      response.on("error", () => {});
      response.on("close", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body,
          isWhole: response.complete,
          ms: performance.now() - startedMs,
        }),
      );
    });
    request.on("error", reject);
  });
}
