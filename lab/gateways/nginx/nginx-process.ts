import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

/** The nginx master that the controller runs. */
export interface NginxProcess {
  /** nginx -t of a text; what it said when it does not hold. */
  test(conf: string): Promise<string | undefined>;
  /** Takes a tested configuration into use; old workers end their connections first. */
  reload(conf: string): Promise<void>;
  /** Workers finish what they have, until worker_shutdown_timeout. */
  quit(): Promise<void>;
  isRunning(): boolean;
}

/** What the image starts with (rootfs/etc/nginx/nginx.conf): it listens nowhere. */
const firstConf = (folder: string): string =>
  `pid ${folder}/nginx.pid;\nuser root;\nevents {}\nhttp {}\ndaemon off;\nerror_log stderr error;\n`;

/** A user namespace made without rights has no groups to take; nginx tells and goes on. */
const ofNamespace = / \[emerg\] \d+#\d+: (?:initgroups|setgid)\(.{1,40} failed \(1: /;

/**
 * @param onError receives the lines that nginx writes to stderr: the error log
 * @param onDeath the master has ended without having been told to
 */
export function startNginx(
  folder: string,
  onError: (line: string) => void,
  onDeath: (code: number | null, signal: NodeJS.Signals | null) => void,
): NginxProcess {
  const path = join(folder, "nginx.conf");
  writeFileSync(path, firstConf(folder));
  const child = spawn("nginx", ["-p", folder, "-e", "stderr", "-c", path], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  createInterface({ input: child.stderr }).on("line", (line) => {
    if (!ofNamespace.test(line)) onError(line);
  });
  let isQuitting = false;
  let hasEnded = false;
  const ended = new Promise<void>((resolve) =>
    child.once("exit", (code, signal) => {
      hasEnded = true;
      resolve();
      if (!isQuitting) onDeath(code, signal);
    }),
  );
  child.once("error", () => {
    hasEnded = true;
    onDeath(127, null);
  });
  const isRunning = (): boolean => !hasEnded;
  return {
    test: (conf) => testConf(folder, conf),
    reload: async (conf) => {
      writeFileSync(path, conf);
      while (isRunning() && !handlesSignals(folder)) await sleep(5);
      child.kill("SIGHUP");
    },
    quit: () => {
      isQuitting = true;
      child.kill("SIGQUIT");
      return ended;
    },
    isRunning,
  };
}

/**
 * The master writes its pid after it has set its signal handlers, and would die of a signal before. `nginx -t` makes
 * the same file and leaves it empty (ngx_create_pidfile in src/core/ngx_cycle.c).
 */
function handlesSignals(folder: string): boolean {
  const path = join(folder, "nginx.pid");
  return existsSync(path) && statSync(path).size > 0;
}

async function testConf(folder: string, conf: string): Promise<string | undefined> {
  const path = join(folder, "nginx-cfg.test");
  writeFileSync(path, conf);
  const args = ["-t", "-q", "-p", folder, "-e", "stderr", "-c", path];
  const child = spawn("nginx", args, { stdio: ["ignore", "ignore", "pipe"] });
  const { code, said } = await outcomeOf(child);
  return code === 0 ? undefined : said;
}

function outcomeOf(child: ChildProcess): Promise<{ readonly code: number | null; readonly said: string }> {
  let said = "";
  child.stderr?.on("data", (bytes: Buffer) => (said += bytes.toString()));
  return new Promise((resolve) => {
    child.once("error", ({ message }) => resolve({ code: null, said: message }));
    child.once("close", (code) => resolve({ code, said }));
  });
}
