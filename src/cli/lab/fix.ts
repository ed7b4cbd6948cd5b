import { faults } from "../../../lab/faults/all.ts";
import type { Fault } from "../../../lab/faults/fault.ts";
import { visible } from "../../base/text.ts";
import type { Call } from "../commands.ts";
import { warn, writeOut } from "../output.ts";
import { type Asked, gatewayOf, isJson, namedFault, wholeNumber } from "./asked.ts";
import { type FixedRun, fixedRun } from "./fixed-run.ts";
import { tellProgress } from "./tell-progress.ts";

/**
 * Lets `fix --apply` mend faults, or restarts pods with --wrong, and says whether verify knew what became of it. Exit
 * code 1 when it was taken in once.
 */
export async function fix({ values, operands }: Call): Promise<number> {
  const asJson = isJson(values);
  const isWrong = values.wrong === true;
  const ids = operands[0] ?? values.faults;
  const chosen: readonly Fault[] =
    ids === undefined
      ? faults.filter((f) => f.causes.length > 0)
      : ids.split(",").map((id) => namedFault(id.trim()));
  const runs: FixedRun[] = [];
  const broken: string[] = [];
  for (const fault of chosen) {
    const asked: Asked = { fault, seed: wholeNumber(values, "seed", 1), gateway: gatewayOf(values, fault) };
    const tell = values.verbose === true ? tellProgress(`${fault.id}: `) : () => {};
    try {
      // oxlint-disable-next-line no-await-in-loop -- one lab after the other
      const run = await fixedRun(asked, isWrong, tell);
      runs.push(run);
      if (!asJson) await writeOut(`${lineOf(run)}\n`);
    } catch (error) {
      broken.push(`${fault.id}: ${error instanceof Error ? error.message : String(error)}`);
      warn(`${fault.id}: broken: ${visible(broken.at(-1) ?? "")}`);
    }
  }
  const counts = countsOf(runs);
  if (asJson) {
    const told = runs.map(({ asked, ...rest }) => ({ ...asked, fault: asked.fault.id, ...rest }));
    await writeOut(`${JSON.stringify({ ...counts, broken, runs: told }, null, 2)}\n`);
  } else await writeOut(`\n${countsText(counts, runs.length)}\n`);
  if (broken.length > 0) return 2;
  return counts.takenIn > 0 ? 1 : 0;
}

interface Counts {
  /** Said fixed, and no request of the fault's traffic fails any more. */
  readonly fixed: number;
  /** Said not fixed, and requests go on to fail. */
  readonly rightlyNotFixed: number;
  /** Said the one while the other is true. */
  readonly takenIn: number;
  readonly cannotTell: number;
  readonly unchanged: number;
}

function countsOf(runs: readonly FixedRun[]): Counts {
  const count = (is: (run: FixedRun) => boolean): number => runs.filter(is).length;
  return {
    fixed: count((run) => says(run, "fixed") && run.after.failed === 0),
    rightlyNotFixed: count((run) => says(run, "not-fixed") && run.after.failed > 0),
    takenIn: count(
      (run) =>
        (says(run, "fixed") && run.after.failed > 0) || (says(run, "not-fixed") && run.after.failed === 0),
    ),
    cannotTell: count((run) => says(run, "cannot-tell")),
    unchanged: count((run) => run.verify === undefined),
  };
}

const says = (run: FixedRun, verdict: string): boolean => run.verify?.verdict === verdict;

const countsText = (counts: Counts, all: number): string =>
  `${all} faults: ${counts.fixed} fixed and said so, ${counts.rightlyNotFixed} not fixed and said so, ${counts.takenIn} told wrongly, ${counts.cannotTell} not told, ${counts.unchanged} without a change.`;

function lineOf({ asked, title, problem, verify, after, tookMs }: FixedRun): string {
  const said = verify === undefined ? "no change" : `${verify.verdict.replace("-", " ")} (${verify.why})`;
  const truth = `${after.failed} of ${after.requests} failed after`;
  const what = visible(title ?? problem ?? "").slice(0, 140);
  return `${asked.fault.id}: ${said}; ${truth}; ${what} (${(tookMs / 1000).toFixed(0)} s)`;
}
