import type { TerminalStyle } from "../base/terminal.ts";
import { diffLines } from "./fix-terminal.ts";
import { block } from "./lines.ts";
import { laidOut } from "./terminal.ts";

/** What became of the user's files. */
interface Edited {
  readonly title: string;
  readonly diff: readonly string[];
  readonly pointed: readonly string[];
  readonly problem?: string;
}

export const renderEdited = (edited: Edited, style: TerminalStyle): string =>
  laidOut(edited, style, (safe, ink) => [
    ...block("", safe.title, ink.width).map(ink.bold),
    "",
    ...diffLines(safe.diff, ink),
    ...(safe.problem === undefined
      ? []
      : block(`${ink.sign.suspect} `, `Nothing was edited: ${safe.problem}.`, ink.width, ink.yellow)),
    ...safe.pointed.flatMap((line) => block("  ", line, ink.width)),
  ]);
