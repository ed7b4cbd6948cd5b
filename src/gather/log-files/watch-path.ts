import { type FSWatcher, realpathSync, watch } from "node:fs";
import { basename, dirname } from "node:path";

/** Changes that come closer together than this are taken as one: a busy log changes thousands of times a second. */
const quietMs = 50;

export interface PathWatch {
  /** Resolves when the path may have changed since the last call, or when it is time to look anyway. */
  readonly changed: () => Promise<void>;
  readonly close: () => void;
}

/**
 * Watches a path through its folder, so that another file coming under the name is seen, and looks
 * again every `pollMs` whatever the system reports. An aborted `signal` ends a wait at once.
 */
export function watchPath(path: string, pollMs: number, signal: AbortSignal): PathWatch {
  let isChanged = false;
  let wake: (() => void) | undefined;
  let quiet: NodeJS.Timeout | undefined;
  const onChange = (): void => {
    isChanged = true;
    quiet ??= setTimeout(() => {
      quiet = undefined;
      wake?.();
    }, quietMs);
  };
  const onAbort = (): void => wake?.();
  signal.addEventListener("abort", onAbort);
  const watchers = foldersOf(path).flatMap(({ folder, name }) => watchFolder(folder, name, onChange));
  return {
    changed: async () => {
      if (signal.aborted) return;
      const waiting = Promise.withResolvers<void>();
      wake = waiting.resolve;
      // A change that came while the last one was read is not waited for a second time.
      if (isChanged) onChange();
      const poll = setTimeout(waiting.resolve, pollMs);
      await waiting.promise;
      clearTimeout(poll);
      wake = undefined;
      isChanged = false;
    },
    close: () => {
      signal.removeEventListener("abort", onAbort);
      clearTimeout(quiet);
      for (const watcher of watchers) watcher.close();
    },
  };
}

/** The folder of the name, and of the file that a link of that name leads to. */
function foldersOf(path: string): { folder: string; name: string }[] {
  const named = { folder: dirname(path), name: basename(path) };
  try {
    const real = realpathSync(path);
    if (dirname(real) !== realpathSync(named.folder))
      return [named, { folder: dirname(real), name: basename(real) }];
  } catch {
    // Not there yet.
  }
  return [named];
}

/** None where the system has no way to watch: then polling alone finds what is new. */
function watchFolder(folder: string, name: string, onChange: () => void): FSWatcher[] {
  try {
    const watcher = watch(folder, (_event, changed) => {
      if (changed === null || changed === name) onChange();
    });
    watcher.on("error", () => watcher.close());
    return [watcher];
  } catch {
    return [];
  }
}
