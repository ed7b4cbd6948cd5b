import { type Document, isMap, LineCounter, parseAllDocuments } from "yaml";
import { isObject, type JsonObject } from "../../base/json-value.ts";
import type { ObjectReport } from "../../report/report.ts";

export interface ManifestFile {
  /** As people would name it from where they are. */
  readonly path: string;
  readonly text: string;
}

/** One object written down in a file. */
export interface Manifest {
  readonly file: ManifestFile;
  readonly document: Document.Parsed;
  readonly object: JsonObject;
  /** Of its first line, from 1. */
  readonly line: number;
}

export interface ReadManifests {
  readonly manifests: readonly Manifest[];
  /** Files with template marks: what stands there is no YAML yet. */
  readonly templates: readonly ManifestFile[];
}

/** Every Kubernetes object of the files; what is no YAML is passed by. */
export function readManifests(files: readonly ManifestFile[]): ReadManifests {
  const templates = files.filter(({ text }) => /\{\{/.test(text));
  const manifests = files.filter((file) => !templates.includes(file)).flatMap(manifestsIn);
  return { manifests, templates };
}

function manifestsIn(file: ManifestFile): Manifest[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(file.text, { lineCounter: lines, uniqueKeys: false });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document): Manifest[] => {
    if (document.errors.length > 0 || !isMap(document.contents)) return [];
    const object: unknown = document.toJS({ maxAliasCount: 100 });
    if (!isObject(object) || typeof object["kind"] !== "string") return [];
    const line = lines.linePos(document.contents.range?.[0] ?? 0).line;
    return [{ file, document, object, line }];
  });
}

/** Kustomize may put something before and behind the names, and set the namespace. */
export interface Renaming {
  readonly prefix: string;
  readonly suffix: string;
}

/** Whether the manifest is that of the object, by kind, name and namespace where it says one. */
export function isOf({ object }: Manifest, wanted: ObjectReport, renamings: readonly Renaming[]): boolean {
  const metadata = isObject(object["metadata"]) ? object["metadata"] : {};
  const { name, namespace } = metadata;
  if (object["kind"] !== wanted.kind || typeof name !== "string") return false;
  const isNamed =
    name === wanted.name || renamings.some(({ prefix, suffix }) => prefix + name + suffix === wanted.name);
  return (
    isNamed && (namespace === undefined || wanted.namespace === undefined || namespace === wanted.namespace)
  );
}

/** Lines of templates that look like the field, for a person to look at. */
export function templateLines(templates: readonly ManifestFile[], kind: string, field: string): string[] {
  const isKind = new RegExp(`^kind:\\s*${kind}\\s*$`, "m");
  return templates
    .filter(({ text }) => isKind.test(text))
    .flatMap(({ path, text }) => {
      const lines = text.split("\n");
      const at = lines.findIndex((line) =>
        new RegExp(`^[\\s-]*["']?${field.replaceAll(/[^\w-]/g, ".")}["']?:`).test(line),
      );
      return [at < 0 ? path : `${path}:${at + 1}: ${lines[at]?.trim()}`];
    });
}
