import { faults } from "../../../lab/faults/all.ts";
import type { Fault } from "../../../lab/faults/fault.ts";
import { commandOf } from "../../../lab/run/run-fault.ts";
import { visible } from "../../base/text.ts";
import type { Call } from "../command.ts";
import type { FlagValues } from "../flags.ts";
import { writeOut } from "../output.ts";
import { type Asked, gatewayOf, isJson, namedFault, wholeNumber } from "./asked.ts";
import { type FixedRun, fixedRun, type Try } from "./fixed-run.ts";
import { type Job, runAll } from "./run-all.ts";

/**
 * Lets `fix --apply` mend faults, after a restart of the pods with --wrong, and says whether verify knew what became
 * of it. Exit code 1 when it was taken in once.
 */
export async function fix({ values, operands }: Call): Promise<number> {
  const asJson = isJson(values);
  const isWrong = values.wrong === true;
  const jobs = askedFor(operands[0] ?? values.faults, values).map((asked): Job<FixedRun> => ({
    name: asked.fault.id,
    command: `${commandOf(asked, "fix")}${isWrong ? " --wrong" : ""}`,
    run: (tell) => fixedRun(asked, isWrong, tell),
  }));
  const { runs, broken } = await runAll(jobs, {
    isVerbose: values.verbose === true,
    onRun: (run) => (asJson ? undefined : writeOut(`${lineOf(run)}\n`)),
  });
  const counts = countsOf(runs);
  if (asJson) {
    const told = runs.map(({ asked, ...rest }) => ({ ...asked, fault: asked.fault.id, ...rest }));
    await writeOut(`${JSON.stringify({ ...counts, broken, runs: told }, null, 2)}\n`);
  } else await writeOut(`\n${countsText(counts, runs.length)}\n`);
  if (broken.length > 0) return 2;
  return counts.takenIn > 0 ? 1 : 0;
}

/** The faults that were named, or all that are made with the gateway. */
function askedFor(ids: string | undefined, values: FlagValues): readonly Asked[] {
  const seed = wholeNumber(values, "seed", 1);
  const asked = (fault: Fault): Asked => ({ fault, seed, gateway: gatewayOf(values, fault) });
  return ids === undefined
    ? faults
        .map(asked)
        .filter(({ fault, gateway }) => fault.causes.length > 0 && fault.gateways.includes(gateway))
    : ids.split(",").map((id) => asked(namedFault(id.trim())));
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
  const tries = runs.flatMap((run): Try[] => (run.wrong === undefined ? [run] : [run.wrong, run]));
  const count = (is: (one: Try) => boolean): number => tries.filter(is).length;
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

const says = (run: Try, verdict: string): boolean => run.verify?.verdict === verdict;

const countsText = (counts: Counts, all: number): string =>
  `${all} ${all === 1 ? "fault" : "faults"}: ${counts.fixed} fixed and said so, ${counts.rightlyNotFixed} not fixed and said so, ${counts.takenIn} told wrongly, ${counts.cannotTell} not told, ${counts.unchanged} without a change.`;

function lineOf({ asked, wrong, tookMs, ...right }: FixedRun): string {
  const first = wrong === undefined ? "" : `${asked.fault.id}: ${tryText(wrong)}\n`;
  return `${first}${asked.fault.id}: ${tryText(right)} (${(tookMs / 1000).toFixed(0)} s)`;
}

function tryText({ title, problem, verify, after }: Try): string {
  const said = verify === undefined ? "no change" : `${verify.verdict.replace("-", " ")} (${verify.why})`;
  const truth = `${after.failed} of ${after.requests} failed after`;
  return `${said}; ${truth}; ${visible(title ?? problem ?? "").slice(0, 140)}`;
}
