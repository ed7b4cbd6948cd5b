import { createWriteStream, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { pack } from "tar-stream";
import { bundleFiles } from "./bundle-files.ts";
import type { BundleFile } from "./bundle-format.ts";
import type { Evidence } from "./evidence.ts";
import { SourceProblem } from "./source-problem.ts";

/**
 * Writes the evidence, credentials replaced, as a folder, or as an archive when `path` ends in .tar.gz,
 * .tgz or .tar. Throws SourceProblem when the folder exists and is not empty, or cannot be written.
 */
export async function writeBundle(evidence: Evidence, path: string): Promise<void> {
  const files = bundleFiles(evidence);
  try {
    if (/\.(tar\.gz|tgz|tar)$/i.test(path)) await writeArchive(files, path, evidence.collectedAt);
    else writeFolder(files, path);
  } catch (error) {
    if (error instanceof SourceProblem) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new SourceProblem(
      `cannot write the bundle to ${path}: ${reason}. Name another place, as in: why5xx bundle OUT`,
    );
  }
}

function writeFolder(files: readonly BundleFile[], folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false }) !== undefined && readdirSync(folder).length > 0) {
    throw new SourceProblem(
      `${folder} exists and is not empty. Name a new folder, or a file ending in .tar.gz.`,
    );
  }
  for (const { path, bytes } of files) {
    const full = join(folder, path);
    mkdirSync(dirname(full), { recursive: true, mode: 0o700 });
    // What a cluster's logs say is for the owner's eyes; kubectl's dump does the same.
    writeFileSync(full, bytes, { mode: 0o600, flag: "wx" });
  }
}

async function writeArchive(files: readonly BundleFile[], path: string, collectedAt: string): Promise<void> {
  const top = path.slice(path.lastIndexOf("/") + 1).replace(/\.(tar\.gz|tgz|tar)$/i, "");
  const archive = pack();
  const out = createWriteStream(path, { mode: 0o600 });
  const written = /\.tar$/i.test(path) ? pipeline(archive, out) : pipeline(archive, createGzip(), out);
  const mtime = new Date(Date.parse(collectedAt) || 0);
  for (const file of files) {
    const taken = new Promise<void>((resolve, reject) => {
      archive.entry({ name: `${top}/${file.path}`, mtime, mode: 0o600 }, file.bytes, (error) =>
        error === undefined || error === null ? resolve() : reject(error),
      );
    });
    // When the disk fails nothing takes the entry any more; the other promise says why.
    await Promise.race([taken, written]);
  }
  archive.finalize();
  await written;
}
