import { offsetMs } from "./clock.ts";
import { type AccessFields, type AccessFormat, type Glance, newGlance } from "./formats/access-line.ts";
import { builtInFormats, isDefaultFormat } from "./formats/all.ts";
import { chooseFormat } from "./formats/choose.ts";
import { glanceFields } from "./formats/glance-fields.ts";
import { utcOfLocal } from "./local-time.ts";
import { refine } from "./scan/refine.ts";

/** Reads the access lines of one stream, with the format that it declares or turns out to have. */
export interface LineReader {
  /** Filled by `look`. */
  readonly glance: Glance;
  /** Number of the format that `look` found last, for `readLine`. */
  readonly format: number;
  /** Its name as the report has it. */
  readonly formatName: string;
  /** Whether a line in ingress-nginx's default format is one for certain. */
  readonly mayBeDefault: boolean;
  look(text: string, prefixMs: number): "plain" | "look" | "other";
}

/** The declared format has this number; the built-in ones have their place in the list. */
const declaredNumber = -1;
/** Fits so much that it must stay the last one tried. */
const looseFormat = "nginx-combined";

export type DeclaredFormats = Readonly<Record<string, string>>;

export function newLineReader(declared: DeclaredFormats, pod: string): LineReader {
  const own = declaredFormat(declared, pod);
  const numbers = [...(own === undefined ? [] : [declaredNumber]), ...builtInFormats.keys()];
  const formatOf = (number: number): AccessFormat | undefined =>
    number === declaredNumber ? own : builtInFormats[number];
  const glance = newGlance();
  let last: number | undefined;

  function lookAs(number: number, text: string, prefixMs: number): "plain" | "look" | "other" {
    const format = formatOf(number);
    if (format === undefined) return "other";
    const look = glanceAt(format, withTime(format, text, prefixMs), glance);
    if (look === "other") return look;
    reader.format = number;
    reader.formatName = glance.format === "" ? format.name : glance.format;
    last = format.name === looseFormat ? undefined : number;
    if (format.localTime === true) glance.endMs = utcOfLocal(glance.endMs, prefixMs);
    glance.endMs = refine(glance.endMs, prefixMs);
    return look;
  }

  const reader = {
    glance,
    format: declaredNumber,
    formatName: "",
    mayBeDefault: own === undefined,
    look(text: string, prefixMs: number): "plain" | "look" | "other" {
      const first = last;
      const look = first === undefined ? "other" : lookAs(first, text, prefixMs);
      if (look !== "other") return look;
      for (const number of numbers) {
        const found = number === first ? "other" : lookAs(number, text, prefixMs);
        if (found !== "other") return found;
      }
      return "other";
    },
  };
  return reader;
}

/** Parsed once per text: a declared format is asked for again and again. */
const parsed = new Map<string, AccessFormat | undefined>();

function declaredFormat(declared: DeclaredFormats, pod: string): AccessFormat | undefined {
  const text = Object.hasOwn(declared, pod)
    ? declared[pod]
    : Object.hasOwn(declared, "*")
      ? declared["*"]
      : undefined;
  if (text === undefined || isDefaultFormat(text)) return undefined;
  if (!parsed.has(text)) parsed.set(text, chosenFormat(text));
  return parsed.get(text);
}

/** A format that cannot be used is as good as none: whoever took it from the user has said so. */
function chosenFormat(text: string): AccessFormat | undefined {
  const chosen = chooseFormat(text);
  return chosen.kind === "format" ? chosen.format : undefined;
}

/** A line that was looked at before, in full. */
export function readLine(
  text: string,
  prefixMs: number,
  number: number,
  declared: DeclaredFormats,
  pod: string,
): { readonly fields: AccessFields; readonly text: string } | undefined {
  const format = number === declaredNumber ? declaredFormat(declared, pod) : builtInFormats[number];
  if (format === undefined) return undefined;
  const timed = withTime(format, text, prefixMs);
  const fields = format.read(timed);
  if (fields === undefined) return undefined;
  if (format.localTime === true) fields.endMs = utcOfLocal(fields.endMs, prefixMs);
  if (!fields.exact) fields.endMs = refine(fields.endMs, prefixMs);
  return { fields, text: timed };
}

/** Gives back the time that was taken off as a prefix. */
function withTime(format: AccessFormat, text: string, prefixMs: number): string {
  if (format.startsWithTime !== true || Number.isNaN(prefixMs) || /^\d{4}-\d\d-\d\dT/.test(text)) return text;
  return `${new Date(prefixMs).toISOString()} ${text}`;
}

function glanceAt(format: AccessFormat, text: string, glance: Glance): "plain" | "look" | "other" {
  glance.host = "";
  glance.address = "";
  glance.format = "";
  glance.hop = "";
  glance.client = "";
  glance.requestBytes = Number.NaN;
  if (format.glance !== undefined) {
    const look = format.glance(text, glance);
    if (glance.hop === "") glance.hop = format.hop ?? "";
    return look;
  }
  const fields = format.read(text);
  return fields === undefined ? "other" : glanceFields(fields, glance);
}

const zone = /\d{4}[:T]\d\d:\d\d:\d\d(?:\.\d+)? ?([+-]\d\d:?\d\d)/;

/** Time zone that a line names, in milliseconds east of UTC. */
export function zoneOf(text: string): number | undefined {
  const found = zone.exec(text)?.[1];
  return found === undefined ? undefined : offsetMs(found);
}
