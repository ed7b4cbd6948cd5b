import type { Collected } from "./collect-lines.ts";
import {
  type AccessFields,
  type AccessFormat,
  type Glance,
  isPlainStatus,
  newGlance,
} from "./formats/access-line.ts";
import { builtInFormats, isDefaultFormat } from "./formats/all.ts";
import { chooseFormat } from "./formats/choose.ts";
import { offsetMs } from "./clock.ts";

/** Reads the noted access lines, with the format that each stream declares or turns out to have. */
export interface LineReader {
  /** Filled by `look`. */
  readonly glance: Glance;
  readonly formatCounts: ReadonlyMap<string, number>;
  /** Time zone of each pod's access lines, in milliseconds east of UTC. */
  readonly offsets: ReadonlyMap<string, number>;
  look(line: number): "plain" | "look" | "other";
  /** The format that `look` found last. */
  format(): AccessFormat | undefined;
  /** Takes back the count of a line that did not read in full after all. */
  unread(format: AccessFormat): void;
  /** Orders lines by their bytes, whatever stream they came from. */
  compare(a: number, b: number): number;
  read(line: number, format: AccessFormat): { fields: AccessFields; text: string; pod: string } | undefined;
}

interface StreamFormats {
  /** In the order in which they are tried on every line: the declared one, then from strict to loose. */
  readonly formats: readonly AccessFormat[];
  sawZone: boolean;
}

export function newLineReader(collected: Collected, declared: Readonly<Record<string, string>>): LineReader {
  const glance = newGlance();
  const formatCounts = new Map<string, number>();
  const offsets = new Map<string, number>();
  const byStream = collected.streams.map((stream): StreamFormats => {
    const text = declaredFor(declared, stream.pod);
    const own = text === undefined || isDefaultFormat(text) ? undefined : declaredFormat(text);
    return { formats: own === undefined ? builtInFormats : [own, ...builtInFormats], sawZone: false };
  });
  const { accessLines } = collected;
  let found: AccessFormat | undefined;

  function textOf(line: number): string {
    const bytes = collected.streams[accessLines.stream(line)]?.bytes;
    return bytes === undefined ? "" : bytes.toString("utf8", accessLines.start(line), accessLines.end(line));
  }

  function look(line: number): "plain" | "look" | "other" {
    const known = byStream[accessLines.stream(line)];
    const text = textOf(line);
    if (known === undefined) return "other";
    for (const format of known.formats) {
      const look = lookAs(format, withTime(format, text, accessLines.prefixMs(line)), glance);
      if (look === "other") continue;
      note(known, format, line, text);
      return look;
    }
    return "other";
  }

  function note(known: StreamFormats, format: AccessFormat, line: number, text: string): void {
    found = format;
    const name = glance.format === "" ? format.name : glance.format;
    formatCounts.set(name, (formatCounts.get(name) ?? 0) + 1);
    const pod = collected.streams[accessLines.stream(line)]?.pod ?? "";
    if (!known.sawZone) noteZone(known, text, pod, offsets);
    glance.endMs = refine(glance.endMs, accessLines.prefixMs(line));
  }

  function read(
    line: number,
    format: AccessFormat,
  ): { fields: AccessFields; text: string; pod: string } | undefined {
    const text = withTime(format, textOf(line), accessLines.prefixMs(line));
    const fields = format.read(text);
    if (fields === undefined) return undefined;
    if (!fields.exact) fields.endMs = refine(fields.endMs, accessLines.prefixMs(line));
    return { fields, text, pod: collected.streams[accessLines.stream(line)]?.pod ?? "" };
  }

  function unread(format: AccessFormat): void {
    const left = (formatCounts.get(format.name) ?? 0) - 1;
    if (left > 0) formatCounts.set(format.name, left);
    else formatCounts.delete(format.name);
  }

  function compare(a: number, b: number): number {
    const first = collected.streams[accessLines.stream(a)]?.bytes;
    const second = collected.streams[accessLines.stream(b)]?.bytes;
    if (first === undefined || second === undefined) return 0;
    return first.compare(
      second,
      accessLines.start(b),
      accessLines.end(b),
      accessLines.start(a),
      accessLines.end(a),
    );
  }

  return { compare, unread, glance, formatCounts, offsets, look, format: () => found, read };
}

function declaredFor(declared: Readonly<Record<string, string>>, pod: string): string | undefined {
  if (Object.hasOwn(declared, pod)) return declared[pod];
  return Object.hasOwn(declared, "*") ? declared["*"] : undefined;
}

/** A format that cannot be used is as good as none: whoever took it from the user has said so. */
function declaredFormat(text: string): AccessFormat | undefined {
  const chosen = chooseFormat(text);
  return chosen.kind === "format" ? chosen.format : undefined;
}

/** Gives back the time that was taken off as a prefix. */
function withTime(format: AccessFormat, text: string, prefixMs: number): string {
  if (format.startsWithTime !== true || Number.isNaN(prefixMs) || /^\d{4}-\d\d-\d\dT/.test(text)) return text;
  return `${new Date(prefixMs).toISOString()} ${text}`;
}

function lookAs(format: AccessFormat, text: string, glance: Glance): "plain" | "look" | "other" {
  glance.host = "";
  glance.address = "";
  glance.format = "";
  glance.hop = "";
  if (format.glance !== undefined) return format.glance(text, glance);
  const fields = format.read(text);
  if (fields === undefined) return "other";
  glance.endMs = fields.endMs;
  glance.durationMs = fields.durationMs ?? Number.NaN;
  glance.status = fields.status;
  glance.method = fields.method;
  glance.path = fields.path;
  glance.client = fields.client;
  glance.upstreamName = fields.alternativeUpstreamName ?? fields.upstreamName ?? "";
  glance.host = fields.host ?? "";
  glance.format = fields.format ?? "";
  glance.hop = fields.hop ?? "";
  const only = fields.attempts[0];
  if (only !== undefined && only.address !== "-") glance.address = only.address;
  const single = fields.attempts.length <= 1 && (only?.status ?? 0) < 500 && only?.failure === undefined;
  const quiet = fields.failure === undefined && fields.clientLeft !== true;
  return isPlainStatus(fields.status) && single && quiet ? "plain" : "look";
}

/** A collector's stamp within the second that the line names is the better time: it has milliseconds. */
function refine(endMs: number, prefixMs: number): number {
  return prefixMs >= endMs && prefixMs - endMs < 2000 ? prefixMs : endMs;
}

function noteZone(known: StreamFormats, text: string, pod: string, offsets: Map<string, number>): void {
  known.sawZone = true;
  const zone = /\d{4}[:T]\d\d:\d\d:\d\d(?:\.\d+)? ?([+-]\d\d:?\d\d)/.exec(text)?.[1];
  if (zone !== undefined && !offsets.has(pod)) offsets.set(pod, offsetMs(zone));
}
