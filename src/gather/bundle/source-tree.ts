import type { Loss } from "../../evidence/evidence.ts";

/** The files of a folder or archive, by path; nothing is unpacked to disk. */
export interface SourceTree {
  /** Sorted by path. */
  readonly files: readonly SourceFile[];
  readonly losses: readonly Loss[];
  /** Why the listing ended early ("the archive ends in the middle of …"); absent when it was read whole. */
  readonly cut?: string;
}

export interface SourceFile {
  /** Relative, "/" between segments, never absolute and without "..". */
  readonly path: string;
  /** May be called more than once; reads a folder's file anew each time. */
  readonly read: () => FileContent;
}

export interface FileContent {
  /** Absent when nothing can be used. Present beside a problem: the part that was read. */
  readonly bytes?: Buffer;
  readonly problem?: string;
  /** Older bytes of a log left out by the limit. */
  readonly droppedBytes: number;
}

/** What is done with a file's bytes, decided by its name alone. */
export type FileUse = "log" | "text" | "unused";

const logName = /\.log([.-][\w.-]*)?$|(^|[/_.-])(access|error)_log|\.txt$|\.jsonl$|\.ndjson$/i;
const textName = /\.(json|ya?ml)$|(^|\/)timestamp$/i;

export function useOf(path: string): FileUse {
  const plain = path.replace(/\.gz$/i, "");
  if (textName.test(plain)) return "text";
  return logName.test(plain) ? "log" : "unused";
}

/**
 * The path of an entry inside its source, or undefined when it is absolute or climbs out with "..":
 * such names are how a hostile archive reaches files that are not its own.
 */
export function safePath(name: string): string | undefined {
  if (name.startsWith("/") || name.includes("\0") || name.length > longestPath) return undefined;
  const segments = name.split("/").filter((segment) => segment !== "" && segment !== ".");
  return segments.includes("..") ? undefined : segments.join("/");
}

/** PATH_MAX of Linux: no folder holds a longer one. */
const longestPath = 4096;

/** Whether a link at `path` to `target` stays inside the source. */
export function linkStaysInside(path: string, target: string): boolean {
  if (target.startsWith("/")) return false;
  const at = path.split("/").slice(0, -1);
  for (const segment of target.split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment !== "..") at.push(segment);
    else if (at.pop() === undefined) return false;
  }
  return true;
}

/** Files that macOS puts beside the real ones in archives and on foreign disks. */
export const isForeignJunk = (path: string): boolean =>
  /(^|\/)(\._|__MACOSX\/|\.DS_Store$|\.git\/)/.test(path);

export const byPath = (a: { path: string }, b: { path: string }): number =>
  a.path < b.path ? -1 : a.path > b.path ? 1 : 0;

/** The newest part of a log, from the start of a line. */
export function fromLineStart(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0x0a);
  return end < 0 ? bytes : bytes.subarray(end + 1);
}
