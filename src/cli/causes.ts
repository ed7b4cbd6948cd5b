import { padded } from "../base/text.ts";
import { catalogue } from "../causes/catalogue.ts";
import type { Cause } from "../causes/define-cause.ts";
import type { Call } from "./command.ts";
import { writeOut } from "./output.ts";

export async function run({ values }: Call): Promise<number> {
  await writeOut(values.output === "json" ? json(catalogue) : causeTable(catalogue));
  return 0;
}

/** One line for each cause, in the catalogue's order: from the client inwards. */
export function causeTable(causes: readonly Cause[]): string {
  const idWidth = widest(
    "CAUSE",
    causes.map((c) => c.id),
  );
  const hopWidth = widest(
    "HOP",
    causes.map((c) => c.hop),
  );
  const codesWidth = widest("CODES", causes.map(codesText));
  const row = (id: string, hop: string, codes: string, title: string): string =>
    `${padded(id, idWidth)}  ${padded(hop, hopWidth)}  ${padded(codes, codesWidth)}  ${title}\n`;
  return (
    row("CAUSE", "HOP", "CODES", "WHAT") + causes.map((c) => row(c.id, c.hop, codesText(c), c.title)).join("")
  );
}

const codesText = (cause: Cause): string => cause.codes.join(",");

const widest = (title: string, cells: readonly string[]): number =>
  Math.max(title.length, ...cells.map((c) => c.length));

const json = (causes: readonly Cause[]): string =>
  `${JSON.stringify(
    causes.map(({ id, title, hop, codes, leadsTo }) => ({ id, title, hop, codes, leadsTo })),
    null,
    2,
  )}\n`;
