import type { TerminalStyle } from "../base/terminal.ts";

type Paint = (text: string) => string;

/** Colours and signs of one terminal. Every colour goes with a sign or a word: colour alone says nothing. */
export interface Ink {
  readonly width: number;
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly cyan: Paint;
  readonly sign: Signs;
}

interface Signs {
  readonly ok: string;
  readonly broken: string;
  readonly suspect: string;
  readonly unknown: string;
  readonly speaksFor: string;
  readonly speaksAgainst: string;
  readonly passes: string;
  readonly stops: string;
  readonly here: string;
  readonly because: string;
  readonly separator: string;
  readonly ellipsis: string;
}

const unicodeSigns: Signs = {
  ok: "✓",
  broken: "✗",
  suspect: "!",
  unknown: "?",
  speaksFor: "+",
  speaksAgainst: "−",
  passes: "→",
  stops: "┄",
  here: "◀ broken here",
  because: "└ because",
  separator: "·",
  ellipsis: "…",
};

const asciiSigns: Signs = {
  ok: "o",
  broken: "X",
  suspect: "!",
  unknown: "?",
  speaksFor: "+",
  speaksAgainst: "-",
  passes: ">",
  stops: ":",
  here: "<-- broken here",
  because: "` because",
  separator: "-",
  ellipsis: "...",
};

/** SGR parameters, on and off (ECMA-48 §8.3.117). */
const sgr =
  (on: number, off: number): Paint =>
  (text) =>
    text === "" ? "" : `\u001b[${on}m${text}\u001b[${off}m`;

const plain: Paint = (text) => text;

export function inkFor(style: TerminalStyle): Ink {
  const color = (on: number, off: number): Paint => (style.hasColor ? sgr(on, off) : plain);
  return {
    width: style.width,
    bold: color(1, 22),
    dim: color(2, 22),
    red: color(31, 39),
    green: color(32, 39),
    yellow: color(33, 39),
    cyan: color(36, 39),
    sign: style.hasUnicode ? unicodeSigns : asciiSigns,
  };
}

/** The paint and the sign of a state of a hop or of a target. */
export function marked(ink: Ink, state: string): { readonly sign: string; readonly paint: Paint } {
  const { sign } = ink;
  if (state === "ok" || state === "healthy") return { sign: sign.ok, paint: ink.green };
  if (state === "broken" || state === "explained" || state === "partly-explained")
    return { sign: sign.broken, paint: ink.red };
  if (state === "suspect" || state === "unexplained") return { sign: sign.suspect, paint: ink.yellow };
  return { sign: sign.unknown, paint: ink.yellow };
}
