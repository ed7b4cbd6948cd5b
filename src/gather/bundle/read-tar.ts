import { type Extract, extract, type Header } from "tar-stream";
import type { Limits } from "../../base/limits.ts";
import type { Loss } from "../../evidence/evidence.ts";
import { decompressed, type Ending } from "./decompress.ts";
import { tooLarge } from "./read-folder.ts";
import {
  byPath,
  type FileContent,
  fromLineStart,
  isForeignJunk,
  linkStaysInside,
  safePath,
  type SourceFile,
  type SourceTree,
  useOf,
} from "./source-tree.ts";

type Entry = Extract extends AsyncIterable<infer E> ? E : never;

/**
 * Reads a tar, gzipped or not, into memory. Only files that can be evidence are kept. Entries that
 * are absolute, climb out or link to the outside are refused and said; of a cut archive everything
 * before the cut is used.
 */
export async function readTar(path: string, isGzip: boolean, limits: Limits): Promise<SourceTree> {
  const files = new Map<string, FileContent>();
  const losses: Loss[] = [];
  const ending: Ending = {};
  const entries = extract();
  const feeding = feed(decompressed(path, isGzip, limits, ending), entries, ending);
  let count = 0;
  try {
    for await (const entry of entries) {
      if (++count > limits.entries) {
        ending.cut ??= `it holds more than ${limits.entries} entries`;
        break;
      }
      await take(entry, files, losses, limits, ending);
    }
  } catch (error) {
    ending.cut ??= `the archive is damaged or ends too early (${error instanceof Error ? error.message : String(error)})`;
  }
  entries.destroy();
  await feeding;
  const list: SourceFile[] = Array.from(files, ([path, content]) => ({ path, read: () => content }));
  return { files: list.sort(byPath), losses, ...(ending.cut === undefined ? {} : { cut: ending.cut }) };
}

async function feed(chunks: AsyncGenerator<Buffer>, into: Extract, ending: Ending): Promise<void> {
  let last: Buffer | undefined;
  for await (const chunk of chunks) {
    if (into.destroyed || into.destroying) return;
    if (!into.write(chunk)) await drained(into);
    last = chunk;
  }
  // A tar ends with blocks of zeros; one cut between two entries is seen by nothing else.
  if (last?.subarray(-512).some((byte) => byte !== 0))
    ending.cut ??= "it has no end mark, so files may be missing";
  into.end(null);
}

function drained(stream: Extract): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stream.off("drain", done);
      stream.off("close", done);
      resolve();
    };
    stream.on("drain", done);
    stream.on("close", done);
  });
}

async function take(
  entry: Entry,
  files: Map<string, FileContent>,
  losses: Loss[],
  limits: Limits,
  ending: Ending,
): Promise<void> {
  const { header } = entry;
  const path = safePath(header.name);
  if (path === undefined) {
    losses.push({ what: header.name, why: "its path leads out of the archive: refused" });
  } else if (header.type === "symlink" || header.type === "link") {
    noteLink(path, header, losses);
  } else if ((header.type === "file" || header.type === "contiguous-file") && !isForeignJunk(path)) {
    const content = await contentOf(entry, path, limits);
    files.set(path, content);
    if (content.problem === cutShort) ending.cut ??= `it ends in the middle of ${path}`;
    return;
  }
  await contentOf(entry, "", limits);
}

function noteLink(path: string, header: Header, losses: Loss[]): void {
  const target = header.linkname;
  // A hard link names its target from the top of the archive, a symbolic link from its own folder.
  const isInside = header.type === "link" ? safePath(target) !== undefined : linkStaysInside(path, target);
  if (!isInside) losses.push({ what: path, why: `is a link to ${target}, outside the archive: refused` });
}

const cutShort = "the archive ends before this file does";

async function contentOf(entry: Entry, path: string, limits: Limits): Promise<FileContent> {
  const use = useOf(path);
  const sizeBytes = entry.header.size;
  const keepBytes = use === "unused" ? 0 : use === "text" ? limits.fileBytes : limits.logTailBytes;
  const isKept = use === "log" || (use === "text" && sizeBytes <= keepBytes);
  const kept: Buffer[] = [];
  let keptBytes = 0;
  let readBytes = 0;
  try {
    for await (const chunk of entry as AsyncIterable<Buffer>) {
      readBytes += chunk.length;
      if (!isKept) continue;
      kept.push(chunk);
      keptBytes += chunk.length;
      while (keptBytes - kept[0]!.length >= keepBytes) keptBytes -= kept.shift()!.length;
    }
  } catch {
    // The stream of an entry fails only when the archive does; its length tells.
  }
  const problem = readBytes < sizeBytes ? cutShort : undefined;
  if (use === "text" && !isKept)
    return { problem: problem ?? tooLarge(sizeBytes, keepBytes), droppedBytes: 0 };
  const whole = Buffer.concat(kept);
  const bytes = whole.length > keepBytes ? fromLineStart(whole.subarray(whole.length - keepBytes)) : whole;
  return {
    bytes,
    droppedBytes: isKept ? readBytes - bytes.length : 0,
    ...(problem === undefined ? {} : { problem }),
  };
}
