import { summarise } from "../../../bench/scoring/summary.ts";
import { faults } from "../../../lab/faults/all.ts";
import type { Fault } from "../../../lab/faults/fault.ts";
import { commandOf } from "../../../lab/run/run-fault.ts";
import type { Call } from "../command.ts";
import type { FlagValues } from "../flags.ts";
import { warn, writeOut } from "../output.ts";
import { type Asked, gatewayOf, isJson, namedFault, wholeNumber } from "./asked.ts";
import { type Job, runAll } from "./run-all.ts";
import { scoreExitCode } from "./score-exit-code.ts";
import { confusions, labScoreText, measures } from "./score-text.ts";
import { keptRuns } from "./kept-run.ts";
import { rescored, type ScoredRun, scoredRun } from "./scored-run.ts";

/** Runs faults with several seeds, or takes runs that were kept, and prints how right the verdicts were. */
export async function score({ values }: Call): Promise<number> {
  const asJson = isJson(values);
  const chosen =
    values.faults === undefined ? faults : values.faults.split(",").map((id) => namedFault(id.trim()));
  const jobs = values.from === undefined ? liveJobs(chosen, values) : keptJobs(chosen, values.from);
  const { runs, broken } = await runAll(jobs, {
    atOnce: wholeNumber(values, "parallel", 1),
    isVerbose: values.verbose === true,
    onRun: (run, count) => warn(`${count}  ${lineOf(run)}`),
  });
  const judged = runs.filter((run) => run.wasShown).map((run) => run.judged);
  if (asJson) {
    const told = runs.map(({ asked, ...rest }) => ({ ...asked, fault: asked.fault.id, ...rest }));
    const all = { ...summarise(judged), ...measures(runs), confusions: confusions(runs), broken, runs: told };
    await writeOut(`${JSON.stringify(all, null, 2)}\n`);
  } else await writeOut(labScoreText(runs, broken));
  return scoreExitCode(runs, broken);
}

/** Seed by seed, so that one that is ended early has seen every fault. */
function liveJobs(chosen: readonly Fault[], values: FlagValues): readonly Job<ScoredRun>[] {
  const from = wholeNumber(values, "seed", 1);
  const seeds = Array.from({ length: wholeNumber(values, "seeds", 1) }, (_, index) => from + index);
  return seeds.flatMap((seed) =>
    chosen.flatMap((fault) => {
      const gateway = gatewayOf(values, fault);
      if (!fault.gateways.includes(gateway)) return [];
      const asked: Asked = { fault, gateway, seed };
      return [jobOf(asked, (tell) => scoredRun(asked, tell, values.keep))];
    }),
  );
}

const keptJobs = (chosen: readonly Fault[], folder: string): readonly Job<ScoredRun>[] =>
  keptRuns(folder)
    .filter(({ asked }) => chosen.includes(asked.fault))
    .map((kept) => jobOf(kept.asked, () => rescored(kept)));

const jobOf = (asked: Asked, run: Job<ScoredRun>["run"]): Job<ScoredRun> => ({
  name: `${asked.fault.id} ${asked.seed}`,
  command: commandOf(asked),
  run,
});

function lineOf({ judged, wasShown, attribution, tookMs }: ScoredRun): string {
  const how = !wasShown ? "no failure" : judged.top1 ? "right" : judged.abstained ? "not found" : "wrong";
  const { right, failed } = attribution;
  return `${judged.id}: ${how} (${judged.said}; ${right} of ${failed} requests; ${(tookMs / 1000).toFixed(0)} s)`;
}
