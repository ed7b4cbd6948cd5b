import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { labFolders, startOf } from "../../../lab/machine/lab-folder.ts";

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
  return labFolders().flatMap((folder) => {
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
