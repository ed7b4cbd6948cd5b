import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The pages of causes that ship with the program. */
export interface Pages {
  readonly ids: readonly string[];
  readonly read: (id: string) => string;
}

/** Finds `docs/causes` above this file: it is the same distance from the sources and from the built chunks, or nearly so. */
export function shippedPages(start = dirname(fileURLToPath(import.meta.url))): Pages {
  const folder = folderAbove(start, join("docs", "causes"));
  const ids =
    folder === undefined
      ? []
      : readdirSync(folder)
          .filter(isPage)
          .map((file) => file.slice(0, -".md".length));
  return { ids: ids.sort(), read: (id) => readFileSync(join(folder ?? "", `${id}.md`), "utf8") };
}

const isPage = (file: string): boolean => /^[a-z0-9-]+\.md$/.test(file);

const furthestUp = 4;

function folderAbove(start: string, name: string): string | undefined {
  let at = start;
  for (let i = 0; i < furthestUp; i++) {
    const folder = join(at, name);
    if (existsSync(folder)) return folder;
    at = dirname(at);
  }
  return undefined;
}
