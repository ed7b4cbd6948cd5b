import { catalogue } from "../causes/catalogue.ts";
import type { Cause } from "../causes/define-cause.ts";
import { nearestNames } from "../derive/near-names.ts";
import { causeTable } from "./causes.ts";
import type { Call } from "./commands.ts";
import { writeOut } from "./output.ts";
import { type Pages, shippedPages } from "./pages.ts";
import { UsageProblem } from "./usage-problem.ts";

export async function run({ operands, program }: Call): Promise<number> {
  await writeOut(explanation(operands, catalogue, shippedPages(), program));
  return 0;
}

/** The page of a cause, or what a search found. Throws UsageProblem when that is nothing. */
export function explanation(
  words: readonly string[],
  causes: readonly Cause[],
  pages: Pages,
  program: string,
): string {
  const [word = ""] = words;
  if (words.length === 1 && pages.ids.includes(word)) return pages.read(word);
  const near = nearestNames(word, [...pages.ids, ...causes.map((c) => c.id)]);
  const found = search(words, causes, pages);
  if (found.length > 0) return `${causeTable(found)}\nRead one with: ${program} explain CAUSE\n`;
  const asked = words.join(" ");
  throw new UsageProblem(
    words.length === 1 && near.length > 0
      ? `there is no cause "${asked}". Did you mean ${near.join(", ")}?`
      : `nothing is known of "${asked}". All causes: ${program} causes`,
  );
}

/** Causes whose facts or page hold every word, those that hold it in their id or title first. */
function search(words: readonly string[], causes: readonly Cause[], pages: Pages): Cause[] {
  const needles = words.map((word) => word.toLowerCase());
  const holds = (text: string): boolean => needles.every((needle) => text.toLowerCase().includes(needle));
  const bySign = causes.filter((c) => holds(`${c.id} ${c.title} ${c.hop} ${c.codes.join(" ")}`));
  const byPage = causes.filter(
    (c) => !bySign.includes(c) && pages.ids.includes(c.id) && holds(pages.read(c.id)),
  );
  return [...bySign, ...byPage];
}
