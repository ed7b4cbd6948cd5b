import type { TerminalStyle } from "../base/terminal.ts";
import type { AppliedReport } from "../report/applied-report.ts";
import type { ChangeReport } from "../report/fix-plan.ts";
import { diffLines } from "./fix-terminal.ts";
import { block } from "./lines.ts";
import { laidOut } from "./terminal.ts";
import { verifyLines } from "./verify-terminal.ts";
import { objectText } from "./words.ts";

/** A change that the API server has tried, before anybody is asked. */
export function renderTried(
  change: Pick<ChangeReport, "title" | "effect" | "diff">,
  context: string,
  warnings: readonly string[],
  style: TerminalStyle,
): string {
  return laidOut({ ...change, context, warnings }, style, (safe, ink) => [
    ...block("", `${safe.title} (context ${safe.context})`, ink.width).map(ink.bold),
    ...(safe.effect === undefined ? [] : block("  ", `effect: ${safe.effect}`, ink.width)),
    ...safe.warnings.flatMap((warning) => block(`  ${ink.sign.suspect} `, warning, ink.width, ink.yellow)),
    "",
    ...diffLines(safe.diff, ink),
    "",
  ]);
}

/** What was done and whether it helped. */
export const renderApplied = (applied: AppliedReport, program: string, style: TerminalStyle): string =>
  laidOut(applied, style, (safe, ink) => [
    ...(safe.rolledOut === false
      ? block(
          `${ink.sign.suspect} `,
          `The pods of ${objectText(safe.object)} are not all replaced and available yet.`,
          ink.width,
          ink.yellow,
        )
      : []),
    ...(safe.verify === undefined ? ["Changed, not verified."] : verifyLines(safe.verify, ink)),
    ...(safe.verify === undefined || safe.verify.verdict === "fixed"
      ? []
      : ["", "To take the change back:", ink.cyan(`      ${program} fix --rollback ${safe.id}`)]),
  ]);
