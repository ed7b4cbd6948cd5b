import { readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { nearestNames } from "../../derive/near-names.ts";
import { failureOf } from "./file-id.ts";
import { LogInputProblem } from "./problem.ts";

/** A path that is not there, or cannot be opened: what was looked for, where, and what to type next. */
export function wrongPath(path: string, error: unknown): LogInputProblem {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR")
    return new LogInputProblem(missingText(path), { cause: error });
  return new LogInputProblem(
    `${path}: ${failureOf(error)}. Look at its permissions with: ls -l ${quoted(path)}`,
    { cause: error },
  );
}

function missingText(path: string): string {
  const folder = nearestFolder(path);
  const name = basename(path);
  const missing = `${path}: there is no ${name} in ${folder === "." ? "this folder" : folder}`;
  if (folder !== dirname(path))
    return `${path}: there is no such file; the nearest folder that is there is ${folder}. See what it holds with: ls ${quoted(folder)}`;
  if (/[*?[]/.test(name))
    return `${missing}: the shell found nothing that fits the pattern. See what is there with: ls ${quoted(folder)}`;
  const near = nearestNames(name, namesIn(folder))[0];
  return near === undefined
    ? `${missing}. See what is there with: ls ${quoted(folder)}`
    : `${missing}. Did you mean ${near}? Type: why5xx logs ${quoted(join(folder, near))}`;
}

function nearestFolder(path: string): string {
  let folder = dirname(path);
  while (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    const above = dirname(folder);
    if (above === folder) return folder;
    folder = above;
  }
  return folder;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** For a shell: as it is when nothing in it is special there. */
export const quoted = (path: string): string =>
  /^[\w./@%+:,-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
