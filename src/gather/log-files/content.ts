import { foreignOf, utf16Of } from "./magic.ts";

/**
 * "named": a person named it, so any text will do. "found" in a folder or an archive: it has to look
 * like a log by name or content. "foreign", outside the folder: by content, so that a link in a folder
 * from a stranger shows nobody's private files.
 */
export type Asked = "named" | "found" | "foreign";

/**
 * Why something is no log, by its name and its first bytes (decompressed); undefined when it is one.
 */
export function reasonToLeaveOut(name: string, head: Buffer, asked: Asked): string | undefined {
  if (head.length === 0) return undefined;
  const archive = foreignOf(head);
  if (archive !== undefined)
    return `is ${archive.kind}, which is not read here: unpack it first (${archive.unpack} FILE)`;
  if (utf16Of(head) !== undefined) return undefined;
  if (isBinary(head)) return "is not text";
  const text = head.toString("latin1");
  if (isKubernetesObject(text)) return "holds Kubernetes objects, not log lines (why5xx --from reads those)";
  if (asked === "named" || (asked === "found" && isLogName(name)) || hasLogLines(text)) return undefined;
  return "is no log by its name, and its first lines have no times";
}

const logName = /\.log([._-]|$)|access|error/i;

function isLogName(path: string): boolean {
  return logName.test(path.slice(path.lastIndexOf("/") + 1));
}

/**
 * Text has hardly any control characters. NULs alone prove nothing: a log that was truncated under a
 * writer begins with a long run of them, so what counts is whether they are scattered.
 */
function isBinary(head: Buffer): boolean {
  let controls = 0;
  let nulRuns = 0;
  let others = 0;
  let last = -1;
  for (const byte of head) {
    if (byte === 0) {
      if (last !== 0) nulRuns++;
    } else {
      others++;
      if ((byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d) && byte !== 0x1b) || byte === 0x7f) controls++;
    }
    last = byte;
  }
  return nulRuns > 2 + others / 200 || controls > 2 + others / 20;
}

const yamlObject = /^(---[ \t]*\r?\n|#[^\n]*\n|[ \t\r]*\n)*(apiVersion|kind|items|metadata):/;
const jsonObject = /^\s*\{\s*"(apiVersion|kind|items|metadata)"\s*:/;

function isKubernetesObject(text: string): boolean {
  return (yamlObject.test(text) && /^(apiVersion|kind):/m.test(text)) || jsonObject.test(text);
}

/** Times as logs write them: ISO 8601, CLF, nginx, klog, syslog, Apache, and seconds since 1970. */
const times = [
  /\d{4}-\d\d-\d\d[T ]\d\d:\d\d/,
  /\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d/,
  /\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d/,
  /^[IWEF]\d{4} \d\d:\d\d:\d\d/,
  /\b[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d/,
  /(^|["\s:=])1[5-9]\d{8}(\d{3}|\d{6}|\d{9})?\b/,
];
const judgedLines = 24;
const judgedColumns = 2000;

function hasLogLines(text: string): boolean {
  const lines = text.slice(0, judgedLines * judgedColumns).split("\n", judgedLines);
  const filled = lines.filter((line) => line.trim() !== "").map((line) => line.slice(0, judgedColumns));
  const timed = filled.filter((line) => times.some((time) => time.test(line)));
  // Stack traces come between the lines that have a time.
  return timed.length > 0 && timed.length * 4 >= filled.length;
}
