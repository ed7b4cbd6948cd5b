import { type Resource, resourceOf } from "../../../evidence/kinds.ts";
import { upconvert } from "../convert/upconvert.ts";
import { decodeText } from "../decode-text.ts";
import { textOf } from "../json-value.ts";
import { indexPods, logPlace } from "../log-place.ts";
import { newestTimeOfLog } from "../newest-time.ts";
import { objectsOf } from "../objects-in.ts";
import { parseDocuments } from "../parse-documents.ts";
import { takeLog } from "../read-log.ts";
import { type SourceFile, useOf } from "../source-tree.ts";
import { resourceOfAlias } from "../transcript/resource-alias.ts";
import { TranscriptReader, unknownNowMs } from "../transcript/read-transcript.ts";
import { looksLikeTranscript, splitTranscript } from "../transcript/split-transcript.ts";
import type { Layout, Reading } from "./layout.ts";

/**
 * What people paste to support: "$ kubectl …" lines, each followed by what it printed, in one file or several;
 * beside them, perhaps, the manifests that were applied and logs. Tables and describe texts are turned back
 * into objects; a manifest fills in only what the commands never show.
 */
export const transcript: Layout = {
  kind: "transcript",
  recognises: ({ files }) => files.some((file) => isTextFile(file.path) && looksLikeTranscript(textIn(file))),
  read,
};

const isTextFile = (path: string): boolean => /\.(txt|out|md|session)$/i.test(path);

function textIn(file: SourceFile): string {
  const bytes = file.read().bytes;
  return bytes === undefined ? "" : decodeText(bytes);
}

function read(reading: Reading): number | undefined {
  const texts = reading.tree.files.filter((file) => isTextFile(file.path)).map(textIn);
  return readTranscript(
    texts.filter((text) => splitTranscript(text).length > 0),
    reading,
  );
}

/** Reads these texts of commands; the other files of the tree are manifests and logs. */
export function readTranscript(texts: readonly string[], reading: Reading): number | undefined {
  const { gathered, limits } = reading;
  const reader = new TranscriptReader(limits);
  // Lists and descriptions before what was tried afterwards: the one with more to say comes first.
  for (const text of texts.toSorted((a, b) => b.length - a.length)) reader.take(text);
  takeManifests(reader, reading);
  const lastMs = reader.finish(newestLogMs(reader, reading));
  for (const { object } of reader.drafts.objects()) gathered.add(object, { file: "transcript" });
  for (const event of reader.events) gathered.add(event, { file: "transcript" });
  reader.asked.cover(gathered);
  if (reader.drafts.filled > 0) {
    const what = `${reader.drafts.filled} objects`;
    gathered.lose(
      what,
      "fields that their descriptions do not show are taken from the manifests beside the transcript",
    );
  }
  takeLogs(reader, reading);
  for (const command of reader.commands) gathered.command(command);
  if (lastMs === undefined) {
    gathered.lose(
      "moment of collection",
      "nothing in the transcript tells the date, so its ages are counted from 2000",
    );
  }
  return lastMs ?? unknownNowMs;
}

/** For a transcript of tables alone: what the logs beside it end with is not long before it was made. */
function newestLogMs(reader: TranscriptReader, { tree }: Reading): number | undefined {
  const printed = reader.logs.map(({ output }) => newestTimeOfLog(Buffer.from(output)));
  const files = tree.files.filter(({ path }) => useOf(path) === "log" && !isTextFile(path));
  const all = [...printed, ...files.map((file) => newestTimeOfLog(file.read().bytes ?? Buffer.alloc(0)))];
  const known = all.filter((ms) => ms !== undefined);
  return known.length === 0 ? undefined : known.reduce((a, b) => Math.max(a, b));
}

function takeManifests(reader: TranscriptReader, { tree, gathered, limits }: Reading): void {
  for (const file of tree.files.filter(({ path }) => useOf(path) === "text")) {
    const { bytes, problem } = file.read();
    const documents = bytes === undefined ? undefined : parseDocuments(bytes, file.path, limits);
    const why = problem ?? documents?.problem;
    if (why !== undefined) gathered.lose(file.path, why);
    for (const value of (documents?.values ?? []).flatMap((one) => objectsOf(one))) {
      const object = upconvert(value);
      const resource = resourceOf(textOf(object["kind"]) ?? "", textOf(object["apiVersion"]));
      if (resource !== undefined) reader.drafts.manifest(resource, object);
    }
  }
}

function takeLogs(reader: TranscriptReader, { tree, gathered, limits }: Reading): void {
  const pods = indexPods(gathered.objects("pods"));
  for (const { kubectl, command, output } of reader.logs) {
    const pod = podIn(kubectl.operands);
    if (pod === undefined) continue;
    const namespace = kubectl.namespace ?? "default";
    const only = pods.get(pod)?.find((known) => known.namespace === namespace)?.only;
    const container = kubectl.container ?? kubectl.operands[1] ?? only;
    const failed = /^(?:Error from server|error:)[^\n]*$/.exec(output);
    gathered.log({
      namespace,
      pod,
      ...(container === undefined ? {} : { container }),
      ...(kubectl.isPrevious ? { previous: true } : {}),
      name: command,
      role: "container",
      ...(failed === null
        ? { bytes: Buffer.from(output === "" ? "" : `${output}\n`) }
        : { reason: failed[0] }),
    });
  }
  for (const file of tree.files) {
    if (useOf(file.path) !== "log" || isTextFile(file.path)) continue;
    const place = logPlace(file.path, pods);
    if (place !== undefined) takeLog(file, place, "container", gathered, limits);
  }
}

/** "web-0" or "pod/web-0"; "deploy/web" names a pod that kubectl chose and did not always say. */
function podIn(operands: readonly string[]): string | undefined {
  const [type, name] = (operands[0] ?? "").split("/");
  if (name === undefined) return type === "" ? undefined : type;
  const resource: Resource | undefined = resourceOfAlias(type ?? "");
  return resource === "pods" ? name : undefined;
}
