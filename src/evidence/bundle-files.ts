import {
  type BundleFile,
  type BundleLog,
  type BundleManifest,
  bundleSchema,
  changesName,
  manifestName,
  metricsName,
} from "./bundle-format.ts";
import type { Evidence, LogStream } from "./evidence.ts";
import { allResources } from "./kinds.ts";
import { redactEvidence } from "./redact.ts";

/** The files of a bundle of this evidence, credentials replaced. Pure: nothing is written. */
export function bundleFiles(evidence: Evidence): BundleFile[] {
  const clean = redactEvidence(evidence);
  const files: BundleFile[] = [];
  const taken = new Set<string>();
  const logs = clean.logs.map(({ bytes, ...rest }): BundleLog => {
    if (bytes === undefined) return rest;
    const path = unusedPath(logPath(rest), taken);
    files.push({ path, bytes });
    return { ...rest, file: path };
  });
  for (const resource of allResources) {
    const items = clean.objects[resource];
    if (items === undefined) continue;
    files.push(jsonFile(`objects/${resource}.json`, { apiVersion: "v1", kind: "List", items }));
  }
  if (clean.changes !== undefined) files.push(jsonFile(changesName, clean.changes));
  if (clean.metrics !== undefined) files.push(jsonFile(metricsName, clean.metrics));
  const manifest: BundleManifest = {
    schema: bundleSchema,
    collectedAt: clean.collectedAt,
    source: clean.source.origin ?? clean.source,
    coverage: clean.coverage,
    losses: clean.losses,
    logs,
    ...(clean.commands === undefined ? {} : { commands: clean.commands }),
  };
  return [jsonFile(manifestName, manifest), ...files];
}

function jsonFile(path: string, value: unknown): BundleFile {
  return { path, bytes: Buffer.from(`${JSON.stringify(value, null, 1)}\n`) };
}

function logPath(log: Omit<LogStream, "bytes">): string {
  const suffix = log.previous === true ? "-previous" : "";
  if (log.pod === undefined)
    return `logs/${segment(log.name.slice(log.name.lastIndexOf("/") + 1))}${suffix}.log`;
  const place = [log.namespace ?? "default", log.pod].map(segment).join("/");
  return `logs/${place}/${segment(log.container ?? "log")}${suffix}.log`;
}

/** A name from the cluster as one segment of a path: it cannot climb out, hide, or be a device of Windows. */
function segment(name: string): string {
  const plain = name
    .replace(/\.(log|txt)$/i, "")
    .replace(/[^A-Za-z0-9._-]/g, "_")
    .slice(0, 100);
  const isUnsafe = /^\.|^$|\.$/.test(plain) || /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(plain);
  return isUnsafe ? `_${plain.replaceAll(".", "_")}` : plain;
}

/** Names that differ only in what was replaced, or in case on some disks, must not share a file. */
function unusedPath(path: string, taken: Set<string>): string {
  let unused = path;
  for (let copy = 2; taken.has(unused.toLowerCase()); copy++) unused = path.replace(/\.log$/, `.${copy}.log`);
  taken.add(unused.toLowerCase());
  return unused;
}
