import { htmlText } from "../../base/html-text.ts";

/** HTML that was put together by `html`: the only text that is not escaped once more. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Part = string | number | Markup | undefined | readonly Part[];

/** Whatever is put in is text, and becomes so, unless it is markup itself. Indentation of the source is left out. */
export const html = (literals: TemplateStringsArray, ...parts: readonly Part[]): Markup =>
  new Markup(literals.map((literal, i) => textOf(parts[i - 1]) + literal.replace(/\n\s+/g, "\n")).join(""));

function textOf(part: Part): string {
  if (part === undefined) return "";
  if (part instanceof Markup) return part.text;
  if (typeof part === "string") return htmlText(part);
  if (typeof part === "number") return String(part);
  return part.map(textOf).join("");
}

/** Nothing where there are no items, so that no heading stands over an empty list. */
export const unlessEmpty = <T>(items: readonly T[], markup: (items: readonly T[]) => Markup): Part =>
  items.length === 0 ? undefined : markup(items);
