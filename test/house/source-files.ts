import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, posix, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

export interface SourceFile {
  /** From the root of the repository, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** Every file below a folder with one of the endings; frozen bundles are data and left out. */
export function filesBelow(folder: string, endings: readonly string[] = [".ts"]): SourceFile[] {
  const start = join(root, folder);
  if (!existsSync(start)) return [];
  return readdirSync(start, { recursive: true, encoding: "utf8" })
    .map((name) => join(start, name))
    .filter(
      (path) =>
        endings.some((e) => path.endsWith(e)) && !path.includes("/bundle/") && statSync(path).isFile(),
    )
    .map((path) => ({ path: relative(root, path).replaceAll("\\", "/"), text: readFileSync(path, "utf8") }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

export const linesOf = (file: SourceFile): number => file.text.split("\n").length - 1;

/** Code without comments: what a comment says imports nothing and calls nothing. */
export const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "$1");

const importPattern = /(?:\bfrom\s*|\bimport\s*\(\s*|\bimport\s+)["']([^"']+)["']/g;

/** What a file imports: packages as they are, relative paths resolved from the root. */
export function importsOf(file: SourceFile): string[] {
  return [...withoutComments(file.text).matchAll(importPattern)].map(([, from = ""]) =>
    from.startsWith(".") ? posix.normalize(posix.join(posix.dirname(file.path), from)) : from,
  );
}

/** "src/causes/pod/x.ts" is of room "causes"; files of src itself and of other folders have their folder's name. */
export function roomOf(path: string): string {
  const [first = "", second = ""] = path.split("/");
  return first === "src" ? second : first;
}
