import { mkdtempSync, rmSync } from "node:fs";
import { get, type IncomingMessage, type RequestOptions } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
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

export const host = "127.0.0.1";

export async function run(
  image: string,
  env: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
): Promise<Image> {
  const program = programOf(image);
  if (program === undefined) throw new Error(`no program for ${image}`);
  const port = await freePort();
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

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, host, () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

/** Once it says that it listens. */
export async function listening(image: string, env: Readonly<Record<string, string>> = {}): Promise<Image> {
  const started = await run(image, env);
  for (let tries = 0; tries < 500 && !/listening on|Serving HTTP/.test(started.output()); tries++)
    await new Promise((resolve) => setTimeout(resolve, 20));
  return started;
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
