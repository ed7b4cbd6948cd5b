import { createReadStream, statSync } from "node:fs";
import { resolve } from "node:path";
import { defaultLimits, type Limits } from "../../base/limits.ts";
import { type Coverage, type Evidence, nameOf, namespaceOf } from "../../evidence/evidence.ts";
import { allResources, type Resource, resourceOf, resources } from "../../evidence/kinds.ts";
import { SourceProblem } from "../../evidence/source-problem.ts";
import { Gathered } from "../bundle/gathered.ts";
import { clusterInfoDump } from "../bundle/layouts/cluster-info-dump.ts";
import { mustGather } from "../bundle/layouts/must-gather.ts";
import { supportBundle } from "../bundle/layouts/support-bundle.ts";
import { findManifest } from "../bundle/layouts/why5xx-bundle.ts";
import type { JsonMap } from "../bundle/json-value.ts";
import { objectsOf } from "../bundle/objects-in.ts";
import { parseDocuments } from "../bundle/parse-documents.ts";
import { readFile, readFolder, tooLarge } from "../bundle/read-folder.ts";
import type { SourceFile, SourceTree } from "../bundle/source-tree.ts";
import { openSource } from "../open-source.ts";
import { reachedServices } from "./reached-services.ts";
import { withoutUnrendered } from "./unrendered.ts";

/** Objects as they are written, and the files they are written in. */
export interface Manifests {
  readonly evidence: Evidence;
  /** Text of a file by the name it is told under. */
  readonly textOf: (file: string) => string | undefined;
  /** The file that an object is written in: "Deployment shop/web" → "k8s/web.yaml". */
  readonly fileOf: ReadonlyMap<string, string>;
  /** How many objects there are of each kind that is not looked at; "Ingress of extensions/v1beta1" of a version that is not. */
  readonly others: ReadonlyMap<string, number>;
  /** Services that routes of other kinds than Ingress lead to, as "namespace/name". */
  readonly reached: ReadonlySet<string>;
}

/**
 * Reads manifests from folders, files and standard input ("-") together. What is not among them may still
 * exist: no list counts as read whole. A bundle of a cluster given alone is read as one.
 */
export async function readManifests(
  paths: readonly string[],
  stdin: () => Promise<Buffer>,
  limits: Limits = defaultLimits,
): Promise<Manifests> {
  const [only] = paths;
  if (paths.length === 1 && only !== undefined && isBundle(only, limits)) {
    return {
      evidence: await openSource(only),
      textOf: () => undefined,
      fileOf: new Map(),
      others: new Map(),
      reached: new Set(),
    };
  }
  const reading = new Reading(limits);
  for (const path of paths) {
    // oxlint-disable-next-line no-await-in-loop -- standard input is read once, files one after the other
    for (const file of await filesOf(path, stdin, reading, limits)) reading.take(file);
  }
  return reading.manifests(paths);
}

const isArchive = (path: string): boolean => /\.(tar|tgz|tar\.gz)$/i.test(path);

function isBundle(path: string, limits: Limits): boolean {
  if (path === "-") return false;
  if (isArchive(path)) return true;
  const full = resolve(path);
  if (statSync(full, { throwIfNoEntry: false })?.isDirectory() !== true) return false;
  const tree = readFolder(full, limits);
  return (
    findManifest(tree) !== undefined ||
    [supportBundle, mustGather, clusterInfoDump].some((layout) => layout.recognises(tree))
  );
}

async function filesOf(
  path: string,
  stdin: () => Promise<Buffer>,
  reading: Reading,
  limits: Limits,
): Promise<readonly SourceFile[]> {
  if (path === "-") {
    const bytes = await stdin();
    return [{ path: "-", read: () => ({ bytes, droppedBytes: 0 }) }];
  }
  const full = resolve(path);
  const stat = statSync(full, { throwIfNoEntry: false });
  if (stat === undefined)
    throw new SourceProblem(`${path}: no such file or folder. Look at what is there with: ls`);
  if (!stat.isFile() && !stat.isDirectory()) {
    const bytes = await readStream(createReadStream(full), path, limits);
    return [{ path, read: () => ({ bytes, droppedBytes: 0 }) }];
  }
  if (!stat.isDirectory()) return [{ path, read: () => readFile(full, "text", limits) }];
  const prefix = path.replace(/\/+$/, "");
  const tree = named(readFolder(full, limits), prefix === "." ? "" : `${prefix}/`);
  for (const loss of tree.losses) reading.gathered.lose(loss.what, loss.why);
  if (tree.cut !== undefined) reading.gathered.lose(path, `${tree.cut}: what was read is used`);
  const { files, losses } = withoutUnrendered(tree.files, limits);
  for (const loss of losses) reading.gathered.lose(loss.what, loss.why);
  return files.filter((file) => /\.(ya?ml|json)$/i.test(file.path));
}

const named = (tree: SourceTree, prefix: string): SourceTree => ({
  ...tree,
  files: tree.files.map((file) => ({ ...file, path: `${prefix}${file.path}` })),
});

class Reading {
  readonly gathered: Gathered;
  readonly #limits: Limits;
  readonly #files = new Map<string, SourceFile>();
  readonly #fileOf = new Map<string, string>();
  readonly #others = new Map<string, number>();
  readonly #reached = new Set<string>();
  /** Kinds of which some are in a file that could not be read. */
  readonly #doubtful = new Map<Resource, string>();

  constructor(limits: Limits) {
    this.#limits = limits;
    this.gathered = new Gathered(limits);
  }

  take(file: SourceFile): void {
    this.#files.set(file.path, file);
    const content = file.read();
    if (content.bytes === undefined) {
      this.#broken(file.path, content.problem ?? "it could not be read", "");
      return;
    }
    const documents = parseDocuments(content.bytes, file.path, this.#limits);
    for (const value of documents.values) {
      for (const object of objectsOf(value)) {
        const resource = this.gathered.add(object, { file: file.path });
        if (resource === undefined) {
          this.#other(object);
          continue;
        }
        const metadata = object["metadata"] as
          | { readonly name?: unknown; readonly namespace?: unknown }
          | undefined;
        const key = objectKey(
          resource,
          // What YAML makes of `{toString: 1}` has no text of its own.
          typeof metadata?.namespace === "string" ? metadata.namespace : "default",
          typeof metadata?.name === "string" ? metadata.name : "",
        );
        if (!this.#fileOf.has(key)) this.#fileOf.set(key, file.path);
      }
    }
    if (documents.problem !== undefined) this.#broken(file.path, documents.problem, documents.unread ?? "");
  }

  #other(object: JsonMap): void {
    for (const service of reachedServices(object)) this.#reached.add(service);
    const { kind, apiVersion } = object;
    if (typeof kind !== "string" || kind === "" || typeof apiVersion !== "string") return;
    if (resourceOf(kind, apiVersion) !== undefined) return;
    const isKnown = allResources.some((resource) => resources[resource].kind === kind);
    const name = isKnown ? `${kind} of ${apiVersion}` : kind;
    this.#others.set(name, (this.#others.get(name) ?? 0) + 1);
  }

  /** A file that is no YAML and speaks of no object is somebody else's. */
  #broken(path: string, problem: string, unread: string): void {
    const kinds = Array.from(
      unread.matchAll(/(?:^|[\s{,-])"?kind"?\s{0,4}:\s{0,4}"?([A-Z][A-Za-z]{1,60})/g),
      (match) => match[1],
    );
    if (unread !== "" && kinds.length === 0 && !unread.includes("apiVersion")) return;
    this.gathered.lose(path, problem);
    const meant = allResources.filter((resource) => kinds.includes(resources[resource].kind));
    for (const resource of meant.length === 0 ? allResources : meant) this.#doubtful.set(resource, path);
  }

  manifests(paths: readonly string[]): Manifests {
    const { gathered } = this;
    const name = paths.join(" ");
    // No moment of collection is told, and none is needed.
    const evidence = gathered.evidence({ kind: "files", name }, 0);
    const count = allResources.reduce((sum, r) => sum + (evidence.objects[r]?.length ?? 0), 0);
    if (count === 0 && this.#others.size === 0) throw nothingFound(paths, this.#files.size, evidence);
    return {
      evidence: { ...evidence, coverage: this.#coverage(evidence) },
      textOf: (file) => this.#files.get(file)?.read().bytes?.toString("utf8"),
      fileOf: this.#fileOf,
      others: this.#others,
      reached: this.#reached,
    };
  }

  #coverage(evidence: Evidence): Coverage[] {
    return allResources.flatMap((resource): Coverage[] => {
      const doubt = this.#doubtful.get(resource);
      if (doubt !== undefined) return [{ resource, extent: "failed", reason: `${doubt} could not be read` }];
      const objects = evidence.objects[resource] ?? [];
      if (objects.length === 0) return [];
      if (!resources[resource].namespaced)
        return [{ resource, extent: "selected", names: objects.map(nameOf) }];
      return [...Map.groupBy(objects, namespaceOf)].map(([namespace, here]) => ({
        resource,
        namespace,
        extent: "selected",
        names: here.map(nameOf),
      }));
    });
  }
}

const objectKey = (resource: Resource, namespace: string, name: string): string => {
  const { kind, namespaced } = resources[resource];
  return namespaced ? `${kind} ${namespace}/${name}` : `${kind} ${name}`;
};

function nothingFound(paths: readonly string[], files: number, { losses }: Evidence): SourceProblem {
  const [first] = losses;
  const from = paths.every((path) => path === "-") ? "Standard input" : paths.join(" ");
  const looked = files === 1 ? "" : files === 0 ? ": no .yaml, .yml or .json is in it" : ` in ${files} files`;
  if (first === undefined)
    return new SourceProblem(
      `${from} holds no Kubernetes object${looked}. Give rendered manifests, as from: helm template . | why5xx lint -`,
    );
  const some = losses.length === 1 ? "." : `; the first of ${losses.length} reasons:`;
  return new SourceProblem(
    `${from} holds no Kubernetes object that can be read${some} ${first.what}: ${first.why}`,
  );
}

/** @throws SourceProblem when more comes than one file may have */
export const readStandardInput = (limits: Limits = defaultLimits): Promise<Buffer> =>
  readStream(process.stdin, "standard input", limits);

/** A pipe has no size to look at before, and a device may have no end. */
async function readStream(stream: AsyncIterable<Buffer>, name: string, limits: Limits): Promise<Buffer> {
  const parts: Buffer[] = [];
  let sizeBytes = 0;
  for await (const part of stream) {
    parts.push(part);
    sizeBytes += part.length;
    if (sizeBytes > limits.fileBytes)
      throw new SourceProblem(`${name}: ${tooLarge(sizeBytes, limits.fileBytes)}. Give it in parts.`);
  }
  return Buffer.concat(parts);
}
