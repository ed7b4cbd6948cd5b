import type { BigIntStats } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { defaultLimits } from "../../base/limits.ts";
import { failureOf } from "./file-id.ts";
import type { LeftOut } from "./left-out.ts";

export interface FoundFile {
  readonly path: string;
  readonly stat: BigIntStats;
  /** Reached by a link that leads out of the folder. */
  readonly isOutside: boolean;
}

/** What macOS and git keep beside the files people mean. */
const junk = /^(\._.*|__MACOSX|\.DS_Store|\.git)$/;

/**
 * The files below a folder, sorted. Links to files are followed (`/var/log/containers` holds nothing
 * else), links to folders are not: they may lead in circles.
 */
export async function* walk(
  root: string,
  leftOut: LeftOut,
  mostEntries = defaultLimits.entries,
): AsyncGenerator<FoundFile, void, undefined> {
  const realRoot = await realpath(root);
  const pending = [root];
  let entries = 0;
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    const names = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
      leftOut.add(folder, `could not be listed: ${failureOf(error)}`);
      return [];
    });
    const below: string[] = [];
    for (const entry of names.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (junk.test(entry.name)) continue;
      const path = join(folder, entry.name);
      if (++entries > mostEntries) {
        leftOut.add(path, `and what comes after it: the folder holds more than ${mostEntries} entries`);
        return;
      }
      if (entry.isDirectory()) below.push(path);
      else if (entry.isFile() || entry.isSymbolicLink()) {
        const file = await lookAt(path, entry.isSymbolicLink(), realRoot, leftOut);
        if (file !== undefined) yield file;
      }
    }
    pending.push(...below.reverse());
  }
}

async function lookAt(
  path: string,
  isLink: boolean,
  realRoot: string,
  leftOut: LeftOut,
): Promise<FoundFile | undefined> {
  try {
    const found = await stat(path, { bigint: true });
    if (found.isDirectory()) leftOut.add(path, "is a link to a folder: not followed");
    if (!found.isFile()) return undefined;
    const isOutside = isLink && !(await realpath(path)).startsWith(realRoot + sep);
    return { path, stat: found, isOutside };
  } catch (error) {
    leftOut.add(path, `could not be read: ${failureOf(error)}`);
    return undefined;
  }
}
