import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Who keeps a lab up. */
export interface Keeper {
  readonly pid: number;
  readonly folder: string;
}

const fileName = "keeper.json";

/** Written by `lab up` into its lab's folder, for `lab down`. */
export function writeKeeper(folder: string): void {
  writeFileSync(
    join(folder, fileName),
    JSON.stringify({ pid: process.pid, startedAt: startOf(process.pid) }),
  );
}

/** Labs of this machine that are kept up, as far as this user may see them. */
export function keepers(): Keeper[] {
  return readdirSync(tmpdir())
    .filter((name) => name.startsWith("why5xx-lab-"))
    .flatMap((name) => {
      const folder = join(tmpdir(), name);
      try {
        const kept = JSON.parse(readFileSync(join(folder, fileName), "utf8")) as {
          pid: number;
          startedAt: string;
        };
        // A process id is used again; the time it began is not.
        return kept.startedAt !== undefined && startOf(kept.pid) === kept.startedAt
          ? [{ pid: kept.pid, folder }]
          : [];
      } catch {
        return [];
      }
    });
}

/** Clock ticks after boot (proc(5), /proc/PID/stat, field 22); undefined when there is no such process. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}
