import type { Collected } from "./collect-lines.ts";
import {
  type AccessFields,
  type AccessFormat,
  type Glance,
  isPlainStatus,
  newGlance,
} from "./formats/access-line.ts";
import { builtInFormats } from "./formats/all.ts";
import { nginxLogFormat } from "./formats/nginx-log-format.ts";
import { offsetMs } from "./clock.ts";

/** Reads the noted access lines, with the format that each stream declares or turns out to have. */
export interface LineReader {
  /** Filled by `look`. */
  readonly glance: Glance;
  readonly formatCounts: ReadonlyMap<string, number>;
  /** Time zone of each pod's access lines, in milliseconds east of UTC. */
  readonly offsets: ReadonlyMap<string, number>;
  look(line: number): "plain" | "look" | "other";
  read(line: number): { fields: AccessFields; text: string; pod: string } | undefined;
}

/** What the formats of one stream have matched so far: the last to match is tried first. */
interface StreamFormats {
  readonly formats: readonly AccessFormat[];
  last: AccessFormat | undefined;
  sawZone: boolean;
}

export function newLineReader(collected: Collected, declared: Readonly<Record<string, string>>): LineReader {
  const glance = newGlance();
  const formatCounts = new Map<string, number>();
  const offsets = new Map<string, number>();
  const byStream = collected.streams.map((stream): StreamFormats => {
    const text = declaredFor(declared, stream.pod);
    const own = text === undefined ? undefined : nginxLogFormat(text);
    return {
      formats: own === undefined ? builtInFormats : [own, ...builtInFormats],
      last: undefined,
      sawZone: false,
    };
  });
  const { accessLines } = collected;

  function textOf(line: number): string {
    const bytes = collected.streams[accessLines.stream(line)]?.bytes;
    return bytes === undefined ? "" : bytes.toString("utf8", accessLines.start(line), accessLines.end(line));
  }

  function look(line: number): "plain" | "look" | "other" {
    const stream = accessLines.stream(line);
    const known = byStream[stream];
    const text = textOf(line);
    if (known === undefined) return "other";
    const found = lookWith(known, text, glance);
    if (found === "other") return found;
    const name = known.last?.name ?? "";
    formatCounts.set(name, (formatCounts.get(name) ?? 0) + 1);
    if (!known.sawZone) noteZone(known, text, collected.streams[stream]?.pod ?? "", offsets);
    glance.endMs = refine(glance.endMs, accessLines.prefixMs(line));
    return found;
  }

  function read(line: number): { fields: AccessFields; text: string; pod: string } | undefined {
    const stream = accessLines.stream(line);
    const known = byStream[stream];
    const text = textOf(line);
    for (const format of known === undefined ? [] : inOrder(known)) {
      const fields = format.read(text);
      if (fields === undefined) continue;
      if (!fields.exact) fields.endMs = refine(fields.endMs, accessLines.prefixMs(line));
      return { fields, text, pod: collected.streams[stream]?.pod ?? "" };
    }
    return undefined;
  }

  return { glance, formatCounts, offsets, look, read };
}

function declaredFor(declared: Readonly<Record<string, string>>, pod: string): string | undefined {
  if (Object.hasOwn(declared, pod)) return declared[pod];
  return Object.hasOwn(declared, "*") ? declared["*"] : undefined;
}

const inOrder = (known: StreamFormats): readonly AccessFormat[] =>
  known.last === undefined
    ? known.formats
    : [known.last, ...known.formats.filter((format) => format !== known.last)];

function lookWith(known: StreamFormats, text: string, glance: Glance): "plain" | "look" | "other" {
  if (known.last !== undefined) {
    const found = lookAs(known.last, text, glance);
    if (found !== "other") return found;
  }
  for (const format of known.formats) {
    if (format === known.last) continue;
    const found = lookAs(format, text, glance);
    if (found === "other") continue;
    known.last = format;
    return found;
  }
  return "other";
}

function lookAs(format: AccessFormat, text: string, glance: Glance): "plain" | "look" | "other" {
  glance.host = "";
  glance.address = "";
  if (format.glance !== undefined) return format.glance(text, glance);
  const fields = format.read(text);
  if (fields === undefined) return "other";
  glance.endMs = fields.endMs;
  glance.durationMs = fields.durationMs ?? Number.NaN;
  glance.status = fields.status;
  glance.method = fields.method;
  glance.path = fields.path;
  glance.client = fields.client;
  glance.upstreamName = fields.upstreamName ?? "";
  glance.host = fields.host ?? "";
  const only = fields.attempts[0];
  if (only !== undefined && only.address !== "-") glance.address = only.address;
  const single = fields.attempts.length <= 1 && (only?.status ?? 0) < 500 && only?.failure === undefined;
  return isPlainStatus(fields.status) && single ? "plain" : "look";
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
