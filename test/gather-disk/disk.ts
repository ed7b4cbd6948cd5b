import {
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { type Header, pack } from "tar-stream";
import { afterEach } from "vitest";

const made: string[] = [];

/** A fresh folder, gone after the test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "why5xx-disk-"));
  made.push(path);
  return path;
}

afterEach(() => {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true });
});

export type Files = Readonly<Record<string, string | Buffer>>;

/** Writes the files below a new folder of the given name and gives its path. */
export function onDisk(files: Files, name = "input"): string {
  const top = join(folder(), name);
  for (const [path, content] of Object.entries(files)) {
    const full = join(top, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, content);
  }
  return top;
}

export type TarEntry = Partial<Header> & { name: string; content?: string | Buffer };

/** Writes a tar, gzipped when its name says so, with exactly these entries. */
export async function tarOf(entries: readonly TarEntry[], name = "input.tar.gz"): Promise<string> {
  const path = join(folder(), name);
  const archive = pack();
  const out = createWriteStream(path);
  const done = name.endsWith("gz") ? pipeline(archive, createGzip(), out) : pipeline(archive, out);
  for (const { content, ...header } of entries) {
    await new Promise<void>((resolve, reject) => {
      archive.entry(header, content ?? "", (error) => (error ? reject(error) : resolve()));
    });
  }
  archive.finalize();
  await done;
  return path;
}

/** The files as an archive with a top folder. */
export const archived = (files: Files, name: string, top = "top"): Promise<string> =>
  tarOf(
    Object.entries(files).map(([path, content]) => ({ name: `${top}/${path}`, content })),
    name,
  );

/** Every file below a folder, by path. */
export function filesBelow(top: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(top, { recursive: true, withFileTypes: true })) {
    const full = join(entry.parentPath, entry.name);
    if (entry.isFile()) found[full.slice(top.length + 1)] = readFileSync(full, "utf8");
  }
  return found;
}
