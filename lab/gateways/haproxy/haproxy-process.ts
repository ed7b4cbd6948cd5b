import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { adminPort } from "./template.ts";

/** The HAProxy master that the controller runs. */
export interface HaproxyProcess {
  /** haproxy -c of a text; what it said when it does not hold. */
  test(conf: string): Promise<string | undefined>;
  /** Starts it, or has the master start a new worker with this configuration. */
  use(conf: string): Promise<void>;
  /** Runs commands of the runtime API; false when one is refused or there is no answer. */
  command(commands: readonly string[]): Promise<boolean>;
  isRunning(): boolean;
  /** Ends listening and waits for connections, at most so long. */
  quit(patienceMs: number): Promise<void>;
}

/**
 * @param onBytes receives its log and what it says of itself
 * @param onDeath it ended without having been told to
 */
export function openHaproxy(
  folder: string,
  onBytes: (stream: "stdout" | "stderr", bytes: Buffer) => void,
  onDeath: (code: number | null) => void,
): HaproxyProcess {
  const path = join(folder, "haproxy.cfg");
  let child: ChildProcess | undefined;
  let isQuitting = false;
  let ended: Promise<void> = Promise.resolve();

  const start = (): void => {
    const started = spawn("haproxy", ["-W", "-f", path], { stdio: ["ignore", "pipe", "pipe"] });
    started.stdout.on("data", (bytes: Buffer) => onBytes("stdout", bytes));
    started.stderr.on("data", (bytes: Buffer) => onBytes("stderr", bytes));
    ended = new Promise((resolve) => {
      started.once("error", () => resolve());
      started.once("close", (code) => {
        child = undefined;
        resolve();
        if (!isQuitting) onDeath(code);
      });
    });
    child = started;
  };
  const isRunning = (): boolean => child !== undefined;
  return {
    test: (conf) => testConf(folder, conf),
    use: async (conf) => {
      writeFileSync(path, conf);
      if (child === undefined) start();
      else child.kill("SIGUSR2");
      // Until its worker runs the master does not handle signals and would die of one.
      while (isRunning() && !(await runtime("show version"))) await sleep(20);
    },
    command: async (commands) => {
      for (const line of commands) if (!(await runtime(line))) return false;
      return true;
    },
    isRunning,
    quit: (patienceMs) => {
      isQuitting = true;
      child?.kill("SIGUSR1");
      const timer = setTimeout(() => child?.kill("SIGTERM"), patienceMs);
      return ended.finally(() => clearTimeout(timer));
    },
  };
}

async function testConf(folder: string, conf: string): Promise<string | undefined> {
  const path = join(folder, "haproxy.cfg.test");
  writeFileSync(path, conf);
  const child = spawn("haproxy", ["-c", "-q", "-f", path], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (bytes: Buffer) => (said += bytes.toString()));
  const code = await new Promise<number | null>((resolve) => {
    child.once("error", () => resolve(null));
    child.once("close", resolve);
  });
  return code === 0 ? undefined : said.replaceAll(folder, "/etc/haproxy");
}

/** One command of the runtime API; false when there is no answer, or one that refuses it. */
function runtime(line: string): Promise<boolean> {
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect(adminPort, "127.0.0.1", () => socket.write(`${line}\n`));
    socket.setTimeout(5000, () => socket.destroy());
    socket.on("data", (bytes: Buffer) => (answer += bytes.toString()));
    socket.once("error", () => resolve(false));
    socket.once("close", () => resolve(!/No such|Unknown|Invalid|can't|cannot|Require/i.test(answer)));
  });
}
