import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const prefix = "why5xx-lab-";
const fileName = "owner.json";

interface Owner {
  readonly pid: number;
  readonly startedAt: string | undefined;
  /** Process ids are those of this namespace. */
  readonly space: string;
}

/** A new folder for a lab that this process launches. */
export function newLabFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  const owner: Owner = { pid: process.pid, startedAt: startOf(process.pid), space: ownSpace() };
  writeFileSync(join(folder, fileName), JSON.stringify(owner));
  return folder;
}

/** Folders of labs on this machine. */
export const labFolders = (): string[] =>
  readdirSync(tmpdir())
    .filter((name) => name.startsWith(prefix))
    .map((name) => join(tmpdir(), name));

/**
 * Removes what is left of labs that were killed together with all that would have cleared up after them. Theirs
 * alone: a folder whose owner cannot be told stays.
 */
export function sweepLabFolders(): void {
  for (const folder of labFolders()) {
    try {
      const owner = JSON.parse(readFileSync(join(folder, fileName), "utf8")) as Owner;
      if (owner.space === ownSpace() && startOf(owner.pid) !== owner.startedAt)
        rmSync(folder, { recursive: true, force: true });
    } catch {
      // Another user's, or just being made or removed.
    }
  }
}

const ownSpace = (): string => readlinkSync("/proc/self/ns/pid");

/** Clock ticks after boot (proc(5), /proc/PID/stat, field 22): a process id is used again, the time it began is not. Undefined when there is no such process. */
export function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}
