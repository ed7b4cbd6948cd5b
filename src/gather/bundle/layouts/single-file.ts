import { SourceProblem } from "../../../evidence/source-problem.ts";
import { decodeText, looksBinary } from "../decode-text.ts";
import { logPlace } from "../log-place.ts";
import { newestTimeOfLog } from "../newest-time.ts";
import { roleOfFile, takeLog } from "../read-log.ts";
import { type SourceFile, useOf } from "../source-tree.ts";
import { looksLikeTranscript } from "../transcript/split-transcript.ts";
import { isDumpStream, readDumpStream } from "./dump-stream.ts";
import { files } from "./files.ts";
import type { Layout, Reading } from "./layout.ts";
import { readTranscript } from "./transcript.ts";

/** A file given alone: what it is, is in its content. */
export function singleFileLayout(file: SourceFile): Layout {
  const bytes = file.read().bytes ?? Buffer.alloc(0);
  if (looksBinary(bytes)) {
    throw new SourceProblem(
      `${file.path} is not text and not an archive that is read here. Give a folder, a .tar.gz, or a YAML, JSON or log file.`,
    );
  }
  if (isDumpStream(bytes)) {
    return layout("cluster-info-dump", (reading) => readDumpStream(bytes, file.path, reading));
  }
  const text = useOf(file.path) === "text" || /\.log([.-]|$)/i.test(file.path) ? "" : decodeText(bytes);
  if (looksLikeTranscript(text)) {
    return {
      kind: "transcript",
      recognises: () => true,
      read: (reading) => readTranscript([text], { ...reading, tree: { ...reading.tree, files: [] } }),
    };
  }
  if (holdsObjects(file.path, bytes)) {
    return {
      ...files,
      read: (reading) => files.read({ ...reading, tree: { ...reading.tree, files: [asYaml(file)] } }),
    };
  }
  if (/\.log([.-]|$)/i.test(file.path) || looksLikeLog(bytes))
    return layout("files", (reading) => readLogFile(file, reading));
  throw new SourceProblem(
    `${file.path} holds neither Kubernetes objects nor a log. Give a folder, a .tar.gz, or a YAML, JSON or log file.`,
  );
}

function layout(kind: Layout["kind"], read: (reading: Reading) => void): Layout {
  return {
    kind,
    recognises: () => true,
    read: (reading) => {
      read(reading);
      return undefined;
    },
  };
}

function holdsObjects(path: string, bytes: Buffer): boolean {
  if (useOf(path) === "text") return true;
  if (/\.log([.-]|$)/i.test(path)) return false;
  const head = bytes.toString("utf8", 0, 64 * 1024);
  return /(^|\n)["{\s]{0,20}(apiVersion|kind|items)"?\s?:/.test(head);
}

/** Under a name that says so, for the reader of folders goes by names. */
const asYaml = (file: SourceFile): SourceFile =>
  useOf(file.path) === "text" ? file : { ...file, path: `${file.path}.yaml` };

function looksLikeLog(bytes: Buffer): boolean {
  const head = bytes.subarray(0, 64 * 1024);
  return (
    newestTimeOfLog(head) !== undefined ||
    /HTTP\/[12]|\b(ERROR|WARN|INFO|error|warn|info)\b/.test(head.toString("latin1"))
  );
}

function readLogFile(file: SourceFile, { gathered, limits }: Reading): void {
  const place = logPlace(file.path, new Map());
  takeLog(file, place ?? {}, place === undefined ? roleOfFile(file.path) : "container", gathered, limits);
}
