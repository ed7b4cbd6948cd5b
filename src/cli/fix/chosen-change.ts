import type { ChangeReport, FixPlan } from "../../report/fix-plan.ts";
import { isDoable } from "../../fix/plan.ts";
import { UsageProblem } from "../usage-problem.ts";

export type DoableChange = ChangeReport & { readonly patch: NonNullable<ChangeReport["patch"]> };

/** The change that was named, or the first of the only broken target. @throws UsageProblem */
export function chosenChange(
  plan: FixPlan,
  number: string | undefined,
): DoableChange & { readonly target: string } {
  const all = plan.targets.flatMap((target) =>
    target.changes.map((change) => ({ ...change, target: target.target })),
  );
  const doable = all.filter((change): change is DoableChange & { target: string } => isDoable(change));
  const known = doable.map((change) => `  ${change.number}. ${change.title} (${change.target})`).join("\n");
  const choose = known === "" ? "" : `\nChoose with --change N:\n${known}`;
  if (number !== undefined) {
    const found = doable.find((change) => String(change.number) === number);
    if (found !== undefined) return found;
    const named = all.find((change) => String(change.number) === number);
    throw new UsageProblem(
      named === undefined
        ? `there is no change ${number}.${choose}`
        : `change ${number} has no patch: it is for a person to make (${named.title}).${choose}`,
    );
  }
  const broken = plan.targets.filter((target) => target.changes.length > 0);
  if (broken.length > 1)
    throw new UsageProblem(`${broken.length} routes are broken: name one, or a change.${choose}`);
  const first = doable.find((change) => change.number === broken[0]?.first);
  if (first !== undefined) return first;
  const likeliest = broken[0]?.changes[0];
  const alternatives = doable.filter((change) => change.cause === likeliest?.cause);
  if (alternatives.length > 1)
    throw new UsageProblem(
      `more than one change would mend ${likeliest?.cause}, and which is meant only you know.${choose}`,
    );
  throw new UsageProblem(
    likeliest === undefined
      ? "nothing was found that a change would mend."
      : `the likeliest cause (${likeliest.cause}) has no change that a program can make: ${likeliest.title}.${choose}`,
  );
}
