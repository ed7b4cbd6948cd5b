import { wrapped } from "../base/text.ts";
import { catalogue } from "../causes/catalogue.ts";
import type { Cause } from "../causes/define-cause.ts";
import { nearestNames } from "../derive/near-names.ts";
import type { LintRule } from "../lint/rule.ts";
import { lintRules } from "../lint/rules.ts";
import { causeTable } from "./causes.ts";
import type { Call } from "./command.ts";
import { writeOut } from "./output.ts";
import { type Pages, shippedPages } from "./pages.ts";
import { UsageProblem } from "./usage-problem.ts";

export async function run({ operands, program }: Call): Promise<number> {
  const rule = operands.length === 1 ? lintRules.find(({ id }) => id === operands[0]) : undefined;
  await writeOut(
    rule === undefined ? explanation(operands, catalogue, shippedPages(), program) : ruleText(rule),
  );
  return 0;
}

const ruleText = ({ id, severity, title, why }: LintRule): string =>
  `# ${title}\n\n${wrapped(why, 88).join("\n")}\n\nA rule of lint, ${severity}. Where it does not matter, say so on the object:\n\n    why5xx.dev/ignore: ${id}\n    why5xx.dev/ignore-reason: "…"\n`;

/** The page of a cause, or what a search found. Throws UsageProblem when that is nothing. */
export function explanation(
  words: readonly string[],
  causes: readonly Cause[],
  pages: Pages,
  program: string,
): string {
  const [word = ""] = words;
  if (words.length === 1 && pages.ids.includes(word)) return pages.read(word);
  const near = nearestNames(word, [...pages.ids, ...causes.map((c) => c.id), ...lintRules.map((r) => r.id)]);
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
