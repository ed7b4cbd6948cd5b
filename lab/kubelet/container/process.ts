import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { PodNetwork } from "../../network/pod-network.ts";
import type { ContainerLog } from "../container-logs.ts";

/** The processes of one life of a container: a pid space of their own, whose end is the end of its first process. */
export interface ContainerProcess {
  /** Of the first process, as the lab sees it; undefined before it runs and after its end. */
  pid(): number | undefined;
  /** Reaches the first process alone: as pid 1 it ignores what it has no handler for. */
  signal(signal: "SIGTERM" | "SIGKILL"): void;
  /** Exit code, 128 + n for signal n, as container runtimes report it. */
  readonly exited: Promise<number>;
}

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** The shell's first child is the first of the new pid space. The shell says nothing of its own in the log. */
const outerScript = 'exec 3>&2 2>/dev/null; "$@" 2>&3 3>&-; exit $?';
const innerScript = 'mount -t proc proc /proc; exec setpriv --pdeathsig KILL -- "$@"';

const withoutOrphans = ["--pdeathsig", "KILL", "--"];
const inOwnSpace = "unshare --pid --mount -- sh -c"
  .split(" ")
  .concat(outerScript, "sh", "sh", "-c", innerScript, "sh");

const wrapped = ({ file, args }: Command): string[] => [...withoutOrphans, ...inOwnSpace, file, ...args];

export function startProcess(
  network: PodNetwork,
  pod: string,
  command: Command,
  log: ContainerLog,
): ContainerProcess {
  const child = network.spawn(pod, "setpriv", wrapped(command), {
    env: { ...command.env },
    cwd: command.cwd,
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout?.on("data", (bytes: Buffer) => log.write("stdout", bytes));
  child.stderr?.on("data", (bytes: Buffer) => log.write("stderr", bytes));
  let hasEnded = false;
  const exited = endOf(child).then((code) => {
    hasEnded = true;
    log.end();
    return code;
  });
  const isOver = (): boolean => hasEnded;
  let first: number | undefined;
  const pid = (): number | undefined => {
    if (!hasEnded) first ??= firstProcess(child.pid);
    return hasEnded ? undefined : first;
  };
  const send = async (signal: "SIGTERM" | "SIGKILL"): Promise<void> => {
    // The shell needs a few milliseconds to have its child.
    let target = pid();
    for (; !isOver() && target === undefined; target = pid()) await delay(5);
    if (target !== undefined) kill(target, signal);
  };
  return { pid, exited, signal: (signal) => void send(signal) };
}

const endOf = (child: ChildProcess): Promise<number> =>
  new Promise((resolve) => {
    child.once("error", () => resolve(128));
    // "close" comes after the last byte of the log.
    child.once("close", (code) => resolve(code ?? 137));
  });

/** The shell is the only child of its parents up to the one the network started. */
function firstProcess(outer: number | undefined): number | undefined {
  if (outer === undefined) return undefined;
  return childrenOf(outer)[0];
}

export function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1").trim();
    return text === "" ? [] : text.split(" ").map(Number);
  } catch {
    return [];
  }
}

function kill(pid: number, signal: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended already.
  }
}
