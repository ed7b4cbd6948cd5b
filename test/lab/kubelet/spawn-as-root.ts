import { type ChildProcess, spawn, type SpawnOptions } from "node:child_process";

/** A container's program makes namespaces: without root's rights it gets a user namespace, as in a launched lab. */
export function spawnAsRoot(
  _pod: string,
  file: string,
  args: readonly string[],
  options: SpawnOptions,
): ChildProcess {
  if (process.getuid?.() === 0) return spawn(file, args, options);
  return spawn("unshare", ["--user", "--map-root-user", "--", file, ...args], options);
}
