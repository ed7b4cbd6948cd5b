import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { definitions } from "./schema.ts";

/**
 * `node lab/api-server/openapi/extract-protobuf.ts FOLDER`: makes protobuf-fields.json, the field numbers of the
 * definitions in kubernetes.json, from FOLDER/api and FOLDER/apimachinery, checkouts of kubernetes/api and
 * kubernetes/apimachinery (Apache-2.0): the tags of their types.go. A name after "?" is left out by JSON when it is
 * zero; a name after ">" is a struct whose fields JSON shows as the holder's own.
 */
const packages = [
  "api/apps/v1",
  "api/autoscaling/v1",
  "api/autoscaling/v2",
  "api/batch/v1",
  "api/coordination/v1",
  "api/core/v1",
  "api/discovery/v1",
  "api/events/v1",
  "api/networking/v1",
  "api/policy/v1",
  "api/storage/v1",
  "apimachinery/pkg/apis/meta/v1",
];

const fieldLine = /^\t(?:\w+ )?([*[\]\w.]+)\s+`json:"([^"]*)"[^`]*protobuf:"\w+,(\d+),[^"]*"/;

function fieldsOfPackage(folder: string, name: string): [string, Record<string, string>][] {
  const source = readFileSync(join(folder, name, "types.go"), "utf8");
  const prefix = `io.k8s.${name.replaceAll("/", ".")}`;
  return [...source.matchAll(/^type (\w+) struct \{\n(.*?)^\}/gms)].map(([, struct = "", body = ""]) => {
    const fields: Record<string, string> = {};
    for (const line of body.split("\n")) {
      const [, type = "", json = "", number] = fieldLine.exec(line.replaceAll(/ {2,}/g, " ")) ?? [];
      if (number !== undefined) fields[number] = entryOf(type, json, prefix);
    }
    return [`${prefix}.${struct}`, fields];
  });
}

function entryOf(type: string, json: string, prefix: string): string {
  const [name = "", ...options] = json.split(",");
  if (options.includes("inline"))
    return type.includes(".") ? `>io.k8s.api.core.${type}` : `>${prefix}.${type}`;
  return options.includes("omitempty") && /^\w/.test(type) ? `?${name}` : name;
}

const folder = process.argv[2] ?? "";
const all = new Map(packages.flatMap((name) => fieldsOfPackage(folder, name)));
const needed = new Set(Object.keys(definitions()));
for (const name of needed)
  for (const entry of Object.values(all.get(name) ?? {}))
    if (entry.startsWith(">")) needed.add(entry.slice(1));
const lines = [...needed]
  .sort()
  .flatMap((name) => (all.has(name) ? [`${JSON.stringify(name)}:${JSON.stringify(all.get(name))}`] : []));
writeFileSync(new URL("protobuf-fields.json", import.meta.url), `{\n${lines.join(",\n")}\n}\n`);
