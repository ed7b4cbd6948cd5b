import {
  type BundleLog,
  bundleSchema,
  changesName,
  manifestName,
  metricsName,
} from "../../../evidence/bundle-format.ts";
import type {
  CommandOutput,
  Coverage,
  Evidence,
  EvidenceSource,
  LogStream,
  Loss,
} from "../../../evidence/evidence.ts";
import { allResources, type KindMap, type Resource, resourceOf } from "../../../evidence/kinds.ts";
import { SourceProblem } from "../../../evidence/source-problem.ts";
import { trimObject } from "../../../evidence/trim.ts";
import { upconvert } from "../convert/upconvert.ts";
import { readChanges } from "./changes-file.ts";
import { readMetrics } from "./metrics-file.ts";
import { type JsonMap, listOf, mapOf, mapsOf, textOf } from "../json-value.ts";
import { newestTimeOf } from "../newest-time.ts";
import { objectsOf } from "../objects-in.ts";
import { parseDocuments } from "../parse-documents.ts";
import { shaped } from "../shape.ts";
import type { SourceFile, SourceTree } from "../source-tree.ts";
import type { Limits } from "../../../base/limits.ts";

/** The manifest nearest to the top, or undefined when this is no bundle of ours. */
export function findManifest(tree: SourceTree): SourceFile | undefined {
  return tree.files
    .filter(({ path }) => path === manifestName || path.endsWith(`/${manifestName}`))
    .toSorted((a, b) => a.path.length - b.path.length)[0];
}

/** Reads a bundle of ours back into the evidence it was made of. Throws SourceProblem when the manifest is unusable. */
export function readBundle(tree: SourceTree, name: string, limits: Limits): Evidence {
  const manifestFile = findManifest(tree);
  const manifest = manifestOf(manifestFile, limits);
  const top = manifestFile!.path.slice(0, -manifestName.length);
  const files = new Map(
    tree.files.filter(({ path }) => path.startsWith(top)).map((file) => [file.path.slice(top.length), file]),
  );
  const losses: Loss[] = mapsOf(manifest["losses"]).map(lossOf);
  losses.push(...tree.losses);
  if (tree.cut !== undefined) losses.push({ what: name, why: `${tree.cut}: what was read is used` });
  const found = readObjects(files, limits, losses);
  const coverage = coverageOf(manifest["coverage"], found);
  const logs = mapsOf(manifest["logs"]).map((entry) => logOf(entry, files, losses));
  const commands = mapsOf(manifest["commands"]).map(commandOf);
  const changesFile = files.get(changesName);
  const changes = changesFile === undefined ? undefined : readChanges(changesFile, limits, losses);
  const metricsFile = files.get(metricsName);
  const metrics = metricsFile === undefined ? undefined : readMetrics(metricsFile, limits, losses);
  return {
    collectedAt: momentOf(manifest["collectedAt"], found.newestMs),
    source: { kind: "why5xx-bundle", name, ...originOf(manifest["source"]) },
    objects: found.objects,
    coverage,
    logs,
    losses,
    ...(Array.isArray(manifest["commands"]) ? { commands } : {}),
    ...(changes === undefined ? {} : { changes }),
    ...(metrics === undefined ? {} : { metrics }),
  };
}

function manifestOf(file: SourceFile | undefined, limits: Limits): JsonMap {
  const bytes = file?.read().bytes;
  const { values, problem } = parseDocuments(bytes ?? Buffer.alloc(0), manifestName, limits);
  const manifest = mapOf(values[0]);
  const schema = textOf(manifest["schema"]);
  if (problem !== undefined || values.length === 0) {
    throw new SourceProblem(
      `${manifestName} cannot be read (${problem ?? "it is empty"}). Collect again with: why5xx bundle OUT`,
    );
  }
  if (schema === bundleSchema) return manifest;
  throw new SourceProblem(
    `${manifestName} has schema ${schema ?? "none"}, and this version reads ${bundleSchema}. Update why5xx, or collect again with: why5xx bundle OUT`,
  );
}

interface Found {
  readonly objects: Evidence["objects"];
  /** Resources whose file could not be read, with the reason. */
  readonly broken: ReadonlyMap<Resource, string>;
  /** Resources that have a file of their own. */
  readonly files: readonly Resource[];
  readonly newestMs: number | undefined;
}

function readObjects(files: ReadonlyMap<string, SourceFile>, limits: Limits, losses: Loss[]): Found {
  const objects: { [R in Resource]?: KindMap[Resource][] } = {};
  const broken = new Map<Resource, string>();
  const own: Resource[] = [];
  let newestMs: number | undefined;
  for (const [path, file] of files) {
    const base = /^objects\/([^/]+)\.(?:json|ya?ml)$/.exec(path)?.[1];
    if (base === undefined) continue;
    const resource = allResources.find((known) => known === base);
    const content = file.read();
    const documents =
      content.bytes === undefined ? { values: [] } : parseDocuments(content.bytes, path, limits);
    const problem = content.problem ?? documents.problem;
    if (problem !== undefined) losses.push({ what: path, why: problem });
    if (problem !== undefined && resource !== undefined) broken.set(resource, `${path}: ${problem}`);
    if (resource !== undefined) {
      own.push(resource);
      objects[resource] ??= [];
    }
    for (const raw of documents.values.flatMap((value) => objectsOf(value))) {
      const taken = objectOf(raw, resource, limits);
      if (taken === undefined) continue;
      const ms = newestTimeOf(taken.object);
      if (ms !== undefined && ms > (newestMs ?? 0)) newestMs = ms;
      // The shape was checked; the type is the API's for this resource.
      (objects[taken.resource] ??= []).push(trimObject(taken.object as KindMap[Resource]));
    }
  }
  return { objects: objects as Evidence["objects"], broken, files: own, newestMs };
}

function objectOf(
  raw: JsonMap,
  resource: Resource | undefined,
  limits: Limits,
): { resource: Resource; object: JsonMap } | undefined {
  const object = upconvert(raw);
  const kind = textOf(object["kind"]);
  const own = kind === undefined ? resource : resourceOf(kind, textOf(object["apiVersion"]));
  const right = own === undefined ? undefined : shaped(object, limits.depth);
  return own === undefined || right === undefined ? undefined : { resource: own, object: right.object };
}

function coverageOf(value: unknown, found: Found): Coverage[] {
  const stated = Array.isArray(value)
    ? mapsOf(value).flatMap(coverageEntry)
    : found.files.toSorted().map((resource): Coverage => ({ resource, extent: "whole" }));
  const usable = stated.filter(({ resource }) => !found.broken.has(resource));
  for (const [resource, reason] of found.broken) usable.push({ resource, extent: "failed", reason });
  return usable;
}

function coverageEntry(entry: JsonMap): Coverage[] {
  const resource = allResources.find((known) => known === entry["resource"]);
  const extent = (["whole", "selected", "failed"] as const).find((known) => known === entry["extent"]);
  if (resource === undefined || extent === undefined) return [];
  const namespace = textOf(entry["namespace"]);
  const reason = textOf(entry["reason"]);
  return [
    {
      resource,
      ...(namespace === undefined ? {} : { namespace }),
      extent,
      ...(Array.isArray(entry["names"]) ? { names: textsOf(entry["names"]) } : {}),
      ...(Array.isArray(entry["selectors"]) ? { selectors: textsOf(entry["selectors"]) } : {}),
      ...(reason === undefined ? {} : { reason }),
    },
  ];
}

const textsOf = (value: unknown): string[] => listOf(value).filter((item) => typeof item === "string");

function logOf(entry: JsonMap, files: ReadonlyMap<string, SourceFile>, losses: Loss[]): LogStream {
  const role =
    (["container", "access-log", "error-log"] as const).find((known) => known === entry["role"]) ??
    "container";
  const text = (key: keyof BundleLog): { [key: string]: string } => {
    const value = textOf(entry[key]);
    return value === undefined ? {} : { [key]: value };
  };
  const stream: LogStream = {
    ...text("namespace"),
    ...text("pod"),
    ...text("container"),
    ...(typeof entry["previous"] === "boolean" ? { previous: entry["previous"] } : {}),
    name: textOf(entry["name"]) ?? "",
    role,
    ...text("reason"),
    ...(typeof entry["droppedBytes"] === "number" ? { droppedBytes: entry["droppedBytes"] } : {}),
  };
  const path = textOf(entry["file"]);
  if (path === undefined) return stream;
  const content = files.get(path)?.read();
  const problem = content === undefined ? `${path} is not in the bundle` : content.problem;
  if (problem !== undefined) losses.push({ what: `log ${stream.name}`, why: problem });
  if (content?.bytes === undefined) return { ...stream, reason: problem ?? `${path} could not be read` };
  const droppedBytes = (stream.droppedBytes ?? 0) + content.droppedBytes;
  return { ...stream, bytes: content.bytes, ...(droppedBytes > 0 ? { droppedBytes } : {}) };
}

function momentOf(value: unknown, newestMs: number | undefined): string {
  const text = textOf(value);
  if (text !== undefined && !Number.isNaN(Date.parse(text))) return text;
  return new Date(newestMs ?? 0).toISOString();
}

const sourceKinds: readonly string[] = [
  "cluster",
  "support-bundle",
  "must-gather",
  "cluster-info-dump",
  "files",
  "transcript",
];

function originOf(value: unknown): Pick<EvidenceSource, "origin"> {
  const kind = textOf(mapOf(value)["kind"]);
  if (kind === undefined || !sourceKinds.includes(kind)) return {};
  return { origin: { kind: kind as EvidenceSource["kind"], name: textOf(mapOf(value)["name"]) ?? "" } };
}

const lossOf = (entry: JsonMap): Loss => ({
  what: textOf(entry["what"]) ?? "",
  why: textOf(entry["why"]) ?? "",
});

const commandOf = (entry: JsonMap): CommandOutput => ({
  command: textOf(entry["command"]) ?? "",
  output: textOf(entry["output"]) ?? "",
});
