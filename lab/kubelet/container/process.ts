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

/**
 * stdout and stderr of a container are pipes, which its programs may open anew as /dev/stdout; what Node gives its
 * children are sockets, which they may not. $0 is a folder of the container.
 */
const pipeScript = `
mkfifo "$0/stdout" "$0/stderr"
cat <"$0/stdout" & cat <"$0/stderr" >&2 &
exec >"$0/stdout" 2>"$0/stderr"
rm "$0/stdout" "$0/stderr"
"$@"
code=$?
exec >&- 2>&-
wait
exit $code`;
/** The first child is the first of the new pid space. The shell says nothing of its own in the log. */
const spaceScript = 'exec 3>&2 2>/dev/null; "$@" 2>&3 3>&-; exit $?';
const firstScript = 'mount -t proc proc /proc; exec setpriv --pdeathsig KILL -- "$@"';

const wrapped = (folder: string, { file, args }: Command): string[] =>
  ["-c", pipeScript, folder, "setpriv", "--pdeathsig", "KILL", "--"].concat(
    ["unshare", "--pid", "--mount", "--", "sh", "-c", spaceScript, "sh"],
    ["sh", "-c", firstScript, "sh", file],
    args,
  );

/** @param folder scratch space that this life has alone */
export function startProcess(
  network: Pick<PodNetwork, "spawn">,
  pod: string,
  command: Command,
  folder: string,
  log: ContainerLog,
): ContainerProcess {
  const child = network.spawn(pod, "sh", wrapped(folder, command), {
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
    // The shells need a few milliseconds to come so far.
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

/** The first shell has two cats and the second, whose only child it is. */
function firstProcess(outer: number | undefined): number | undefined {
  const second = outer === undefined ? undefined : childrenOf(outer)[2];
  return second === undefined ? undefined : childrenOf(second)[0];
}

function childrenOf(pid: number): number[] {
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
