import { statSync } from "node:fs";
import { basename, resolve } from "node:path";
import { defaultLimits, type Limits } from "../base/limits.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { SourceProblem } from "../evidence/source-problem.ts";
import { decompressed, type Ending } from "./bundle/decompress.ts";
import { Gathered } from "./bundle/gathered.ts";
import { clusterInfoDump } from "./bundle/layouts/cluster-info-dump.ts";
import { files } from "./bundle/layouts/files.ts";
import type { Layout } from "./bundle/layouts/layout.ts";
import { mustGather } from "./bundle/layouts/must-gather.ts";
import { singleFileLayout } from "./bundle/layouts/single-file.ts";
import { supportBundle } from "./bundle/layouts/support-bundle.ts";
import { transcript } from "./bundle/layouts/transcript.ts";
import { findManifest, readBundle } from "./bundle/layouts/why5xx-bundle.ts";
import { nothingUsable, unreadable } from "./bundle/problems.ts";
import { readFile, readFolder } from "./bundle/read-folder.ts";
import { readTar } from "./bundle/read-tar.ts";
import { type Container, sniff } from "./bundle/sniff.ts";
import { fromLineStart, type SourceFile, type SourceTree, useOf } from "./bundle/source-tree.ts";

export interface OpenOptions {
  readonly limits?: Partial<Limits>;
}

/**
 * Reads evidence from a folder, an archive (.tar, .tar.gz, .tgz) or a single file, and says in `source.kind`
 * what it recognised: a bundle of ours, a troubleshoot.sh support bundle, an OpenShift must-gather, a
 * `kubectl cluster-info dump`, a kubectl transcript, or any files of Kubernetes objects and logs.
 *
 * Throws SourceProblem when nothing there can be used. Everything else that goes wrong (limits, broken or
 * cut files) is in the evidence's losses and coverage.
 */
export async function openSource(path: string, options: OpenOptions = {}): Promise<Evidence> {
  const limits = { ...defaultLimits, ...options.limits };
  const full = resolve(path);
  const name = basename(full);
  const stat = statSync(full, { throwIfNoEntry: false });
  if (stat === undefined)
    throw new SourceProblem(`${path}: no such file or folder. Look at what is there with: ls`);
  if (stat.isDirectory()) return fromTree(readFolder(full, limits), path, name, limits, layoutOf);
  if (!stat.isFile())
    throw new SourceProblem(`${path} is neither a file nor a folder. Save it to a file first.`);
  const container = containerOf(full, path);
  if (container === "tar" || container === "tar.gz") {
    return fromTree(await readTar(full, container === "tar.gz", limits), path, name, limits, layoutOf);
  }
  const file = container === "gzip" ? await gunzipped(full, name, limits) : plainFile(full, name, limits);
  return fromTree({ files: [file], losses: [] }, path, name, limits, () => singleFileLayout(file));
}

function containerOf(full: string, path: string): "tar" | "tar.gz" | "gzip" | "plain" {
  let container: Container;
  try {
    container = sniff(full);
  } catch (error) {
    throw unreadable(path, error);
  }
  if (container === "empty") throw new SourceProblem(`${path} is empty. Collect it again.`);
  if (container === "plain" && /\.(tar\.gz|tgz|tar|gz)$/i.test(path)) {
    throw new SourceProblem(
      `${path} is named like an archive and is neither gzip nor tar. See what it is with: file ${path}`,
    );
  }
  if (container === "tar" || container === "tar.gz" || container === "gzip" || container === "plain")
    return container;
  throw new SourceProblem(
    `${path} is a ${container} archive, which is not read here. Unpack it and give the folder.`,
  );
}

/** Folders with several layouts at once are read as the first that fits; the most telling marks come first. */
const layouts: readonly Layout[] = [supportBundle, mustGather, clusterInfoDump, transcript, files];

const layoutOf = (tree: SourceTree): Layout => layouts.find((layout) => layout.recognises(tree)) ?? files;

function fromTree(
  tree: SourceTree,
  path: string,
  name: string,
  limits: Limits,
  choose: (tree: SourceTree) => Layout,
): Evidence {
  if (findManifest(tree) !== undefined) return readBundle(tree, path, limits);
  if (tree.files.length === 0) throw nothingUsable(tree, path);
  const gathered = new Gathered(limits);
  for (const loss of tree.losses) gathered.lose(loss.what, loss.why);
  if (tree.cut !== undefined) gathered.lose(path, `${tree.cut}: what was read is used`);
  const layout = choose(tree);
  const collectedMs = layout.read({ tree, name, gathered, limits });
  if (gathered.isEmpty) throw nothingUsable(tree, path);
  return gathered.evidence({ kind: layout.kind, name: path }, collectedMs ?? gathered.newestMs());
}

function plainFile(full: string, name: string, limits: Limits): SourceFile {
  const use = useOf(name) === "log" ? "log" : "text";
  return { path: name, read: () => readFile(full, use, limits) };
}

async function gunzipped(full: string, name: string, limits: Limits): Promise<SourceFile> {
  const ending: Ending = {};
  const chunks: Buffer[] = [];
  let keptBytes = 0;
  let droppedBytes = 0;
  for await (const chunk of decompressed(full, true, limits, ending)) {
    chunks.push(chunk);
    keptBytes += chunk.length;
    while (keptBytes - chunks[0]!.length >= limits.logTailBytes) {
      droppedBytes += chunks[0]!.length;
      keptBytes -= chunks.shift()!.length;
    }
  }
  const kept = Buffer.concat(chunks);
  const bytes = droppedBytes > 0 ? fromLineStart(kept) : kept;
  const content = {
    bytes,
    droppedBytes: droppedBytes + kept.length - bytes.length,
    ...(ending.cut === undefined ? {} : { problem: ending.cut }),
  };
  return { path: name.replace(/\.gz$/i, ""), read: () => content };
}
