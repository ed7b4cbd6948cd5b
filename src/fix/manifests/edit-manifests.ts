import { parseAllDocuments } from "yaml";
import { type Difference, differences } from "../../base/differences.ts";
import type { JsonObject } from "../../base/json-value.ts";
import type { ObjectReport } from "../../report/report.ts";
import { pointerParts, valueAt } from "../json-patch.ts";
import { writtenPart } from "../object-yaml.ts";
import { type Edit, type Place, spliced, spliceOf } from "./edit-yaml.ts";
import { kustomizations } from "./kustomize.ts";
import { placeIn } from "./place-in.ts";
import { isOf, type Manifest, type ManifestFile, readManifests, templateLines } from "./read-manifests.ts";

/** A file as it was and as it is to be. */
interface EditedFile {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

export interface EditResult {
  readonly edited: readonly EditedFile[];
  /** Where a person has to look, and why: "templates/service.yaml:14: targetPort: {{ .Values.port }}". */
  readonly pointed: readonly string[];
  /** Why nothing was edited. */
  readonly problem?: string;
}

/** Makes a change of an object in the files it is written in: an overlay's patch where it sets the field, else the base. */
export function editManifests(
  files: readonly ManifestFile[],
  object: ObjectReport,
  before: JsonObject,
  after: JsonObject,
): EditResult {
  const { manifests, templates } = readManifests(files);
  const { patchFiles, renamings } = kustomizations(manifests);
  const own = manifests.filter((manifest) => isOf(manifest, object, renamings));
  const live = writtenPart(before);
  const edits = differences(live, writtenPart(after));
  const fields = edits.map(({ path }) => pointerParts(path).findLast((part) => !/^\d+$/.test(part)) ?? "");
  if (own.length === 0) {
    const pointed = templateLines(templates, object.kind, fields[0] ?? "");
    const what = `${object.kind} ${object.name}`;
    const problem =
      pointed.length === 0
        ? `no file says ${what}`
        : `${what} comes from a template: change the value it takes, or the template`;
    return { edited: [], pointed, problem };
  }
  return edit(own, live, edits, (manifest) => patchFiles.has(manifest.file.path));
}

function edit(
  own: readonly Manifest[],
  live: JsonObject,
  changes: readonly Difference[],
  isPatch: (manifest: Manifest) => boolean,
): EditResult {
  const texts = new Map<Manifest, Edit[]>();
  // What comes is there before what goes: a map is never left empty on the way.
  const ordered = [...changes].sort((a, b) => Number(a.after === undefined) - Number(b.after === undefined));
  for (const change of ordered) {
    const candidates = own.flatMap((manifest) => {
      const place = placeIn(manifest.object, live, change.path);
      return place === undefined ? [] : [{ manifest, place, isSet: isSet(manifest.object, place) }];
    });
    const overlays = candidates.filter(({ manifest, isSet }) => isPatch(manifest) && isSet);
    const bases = candidates.filter(({ manifest }) => !isPatch(manifest));
    const chosen = overlays.length > 0 ? overlays : bases;
    const [first, second] = chosen;
    if (first === undefined || second !== undefined)
      return {
        edited: [],
        pointed: (chosen.length > 0 ? chosen.map((c) => c.manifest) : own).map(whereText),
        problem:
          first === undefined
            ? `${change.path} has no place in the files`
            : `more than one file says it: name the folder of one overlay`,
      };
    const edits = texts.get(first.manifest) ?? [];
    edits.push(...editsOf(first.place, change, first.manifest.object));
    texts.set(first.manifest, edits);
  }
  return written(texts);
}

/** A list that has only grown at its end is added to, so that its other items stay as they are written. */
function editsOf(place: Place, { before, after }: Difference, manifest: JsonObject): Edit[] {
  const here = valueAt(manifest, place);
  const isGrown =
    Array.isArray(before) &&
    Array.isArray(after) &&
    Array.isArray(here) &&
    after.length > before.length &&
    JSON.stringify(after.slice(0, before.length)) === JSON.stringify(before);
  if (!isGrown) return [after === undefined ? { place } : { place, value: after }];
  const start = here.length;
  return (after as readonly unknown[])
    .slice((before as readonly unknown[]).length)
    .map((value, i) => ({ place: [...place, start + i], value }));
}

/** Edits one after the other, each on the text the one before has left. */
function written(texts: ReadonlyMap<Manifest, readonly Edit[]>): EditResult {
  const edited = new Map<string, EditedFile>();
  for (const [manifest, edits] of texts) {
    const { path, text } = manifest.file;
    const index = indexOfDocument(manifest);
    let now = edited.get(path)?.after ?? text;
    for (const one of edits) {
      const document = documentAt(now, index);
      const splice = document === undefined ? undefined : spliceOf(now, document, one);
      const next = splice === undefined ? undefined : spliced(now, splice);
      if (next === undefined || !says(next, index, one))
        return {
          edited: [],
          pointed: [whereText(manifest)],
          problem: `.${one.place.join(".")} cannot be changed there without touching what is around it: ${one.value === undefined ? "take it out" : `set it to ${JSON.stringify(one.value)}`} by hand`,
        };
      now = next;
    }
    edited.set(path, { path, before: text, after: now });
  }
  return { edited: [...edited.values()], pointed: [] };
}

function documentAt(text: string, index: number) {
  const documents = parseAllDocuments(text, { uniqueKeys: false });
  return Array.isArray(documents) ? documents[index] : undefined;
}

function indexOfDocument({ file, document }: Manifest): number {
  const documents = parseAllDocuments(file.text, { uniqueKeys: false });
  return Array.isArray(documents) ? documents.findIndex((d) => d.range[0] === document.range[0]) : -1;
}

/** The text is read again: what was meant must be what it says now. */
function says(text: string, index: number, { place, value }: Edit): boolean {
  const document = documentAt(text, index);
  if (document === undefined || document.errors.length > 0) return false;
  return JSON.stringify(valueAt(document.toJS(), place)) === JSON.stringify(value);
}

const isSet = (object: JsonObject, place: Place): boolean => valueAt(object, place) !== undefined;

const whereText = ({ file, line }: Manifest): string => `${file.path}:${line}`;
