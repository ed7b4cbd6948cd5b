/** What a terminal can show, decided from plain values so that a test can set them. */
export interface TerminalStyle {
  /** Columns to fill. */
  readonly width: number;
  readonly hasColor: boolean;
  /** False: only ASCII may be written. */
  readonly hasUnicode: boolean;
}

export interface TerminalFacts {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isTty: boolean;
  /** What the terminal says of itself; absent when the output is not one. */
  readonly columns?: number | undefined;
  /** `--no-color` was given. */
  readonly noColor: boolean;
}

const narrowest = 40;
/** Longer lines are hard to follow back, however wide the window. */
const widest = 120;
const unknownWidth = 100;

export function terminalStyle(facts: TerminalFacts): TerminalStyle {
  return { width: width(facts), hasColor: hasColor(facts), hasUnicode: hasUnicode(facts.env) };
}

function width({ env, columns }: TerminalFacts): number {
  const asked = Number(env["COLUMNS"]);
  const known = Number.isInteger(asked) && asked > 0 ? asked : columns;
  return Math.min(widest, Math.max(narrowest, known ?? unknownWidth));
}

/** no-color.org: NO_COLOR counts when not empty. FORCE_COLOR goes before it, as in Node's own tty module. */
function hasColor({ env, isTty, noColor }: TerminalFacts): boolean {
  if (noColor) return false;
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  if (env["NO_COLOR"] !== undefined && env["NO_COLOR"] !== "") return false;
  return isTty && env["TERM"] !== "dumb";
}

/** POSIX: the first of LC_ALL, LC_CTYPE and LANG that is not empty names the character set. */
function hasUnicode(env: TerminalFacts["env"]): boolean {
  if (env["WT_SESSION"] !== undefined) return true;
  const locale = [env["LC_ALL"], env["LC_CTYPE"], env["LANG"]].find(
    (value) => value !== undefined && value !== "",
  );
  return locale !== undefined && /utf-?8/i.test(locale);
}
