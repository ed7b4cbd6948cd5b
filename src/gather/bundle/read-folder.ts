import {
  closeSync,
  type Dirent,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
} from "node:fs";
import { join } from "node:path";
import { type Limits, sizeText } from "../../base/limits.ts";
import type { Loss } from "../../evidence/evidence.ts";
import {
  byPath,
  type FileContent,
  type FileUse,
  fromLineStart,
  isForeignJunk,
  linkStaysInside,
  type SourceFile,
  type SourceTree,
  useOf,
} from "./source-tree.ts";

/**
 * Lists a folder and everything below it. Links are not followed: one that points to a file of the
 * same folder repeats it, and one that leaves the folder is refused and said.
 */
export function readFolder(root: string, limits: Limits): SourceTree {
  const files: SourceFile[] = [];
  const losses: Loss[] = [];
  const pending = [""];
  let entries = 0;
  while (pending.length > 0) {
    const folder = pending.pop()!;
    for (const entry of entriesOf(join(root, folder), folder, losses)) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (isForeignJunk(entry.isDirectory() ? `${path}/` : path)) continue;
      if (++entries > limits.entries) {
        return finished(files, losses, `more than ${limits.entries} files and folders`);
      }
      if (entry.isDirectory()) pending.push(path);
      else if (entry.isFile())
        files.push({ path, read: () => readFile(join(root, path), useOf(path), limits) });
      else if (entry.isSymbolicLink()) noteLink(root, path, losses);
    }
  }
  return finished(files, losses);
}

function finished(files: SourceFile[], losses: Loss[], cut?: string): SourceTree {
  return { files: files.sort(byPath), losses, ...(cut === undefined ? {} : { cut }) };
}

function entriesOf(folder: string, path: string, losses: Loss[]): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    losses.push({ what: path === "" ? "the folder" : `folder ${path}`, why: reasonOf(error) });
    return [];
  }
}

function noteLink(root: string, path: string, losses: Loss[]): void {
  let target: string;
  try {
    target = readlinkSync(join(root, path));
  } catch (error) {
    losses.push({ what: path, why: reasonOf(error) });
    return;
  }
  const insideByName = target.startsWith(`${root}/`) || linkStaysInside(path, target);
  if (!insideByName)
    losses.push({ what: path, why: `is a link to ${target}, outside the folder: not followed` });
}

/** Of a log only the newest bytes are read; any other file whole or not at all. */
export function readFile(full: string, use: FileUse, limits: Limits): FileContent {
  return use === "text" ? readWhole(full, limits.fileBytes) : readTail(full, limits.logTailBytes);
}

function readWhole(full: string, limitBytes: number): FileContent {
  return withFile(full, (descriptor, sizeBytes) =>
    sizeBytes > limitBytes
      ? { problem: tooLarge(sizeBytes, limitBytes), droppedBytes: 0 }
      : { bytes: readFileSync(descriptor), droppedBytes: 0 },
  );
}

function readTail(full: string, limitBytes: number): FileContent {
  return withFile(full, (descriptor, sizeBytes) => {
    if (sizeBytes <= limitBytes) return { bytes: readFileSync(descriptor), droppedBytes: 0 };
    const newest = Buffer.allocUnsafe(limitBytes);
    const got = readSync(descriptor, newest, 0, limitBytes, sizeBytes - limitBytes);
    const bytes = fromLineStart(newest.subarray(0, got));
    return { bytes, droppedBytes: sizeBytes - bytes.length };
  });
}

function withFile(full: string, read: (descriptor: number, sizeBytes: number) => FileContent): FileContent {
  try {
    const descriptor = openSync(full, "r");
    try {
      return read(descriptor, fstatSync(descriptor).size);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    return { problem: reasonOf(error), droppedBytes: 0 };
  }
}

export const tooLarge = (sizeBytes: number, limitBytes: number): string =>
  `${sizeText(sizeBytes)} is more than the limit of ${sizeText(limitBytes)} for one file`;

/** The operating system's words for a failed read, without the path it repeats. */
export function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "EACCES" || code === "EPERM") return "no permission to read it";
  if (code === "ENOENT") return "it is gone";
  return error instanceof Error ? error.message : String(error);
}
