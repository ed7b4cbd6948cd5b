import { type ChildProcess, spawn, type SpawnOptions } from "node:child_process";

/** Entering a mount namespace leaves the working directory behind; the shell goes back and becomes the program. */
const script = 'cd "$0" && exec "$@"';

/** Starts a program in the network, mounts and host name of another process. */
export function spawnIn(
  pid: number,
  file: string,
  args: readonly string[],
  options: SpawnOptions,
): ChildProcess {
  const folder = options.cwd === undefined ? process.cwd() : String(options.cwd);
  const enter = ["-t", String(pid), "--net", "--mount", "--uts", "--"];
  return spawn("nsenter", [...enter, "sh", "-c", script, folder, file, ...args], options);
}
