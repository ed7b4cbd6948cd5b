import { summarise } from "../../../bench/scoring/summary.ts";
import { faults } from "../../../lab/faults/all.ts";
import type { Fault } from "../../../lab/faults/fault.ts";
import { commandOf } from "../../../lab/run/run-fault.ts";
import type { Call } from "../commands.ts";
import type { FlagValues } from "../flags.ts";
import { warn, writeOut } from "../output.ts";
import { type Asked, gatewayOf, isJson, namedFault, wholeNumber } from "./asked.ts";
import { scoreExitCode } from "./score-exit-code.ts";
import { confusions, labScoreText, measures } from "./score-text.ts";
import { keptRuns } from "./kept-run.ts";
import { rescored, type ScoredRun, scoredRun } from "./scored-run.ts";
import { tellProgress } from "./tell-progress.ts";

/** Runs faults with several seeds, or takes runs that were kept, and prints how right the verdicts were. */
export async function score({ values }: Call): Promise<number> {
  const asJson = isJson(values);
  const chosen =
    values.faults === undefined ? faults : values.faults.split(",").map((id) => namedFault(id.trim()));
  const jobs = values.from === undefined ? liveJobs(chosen, values) : keptJobs(chosen, values.from);
  const { runs, broken } = await runAll(jobs, wholeNumber(values, "parallel", 1), values.verbose === true);
  const judged = runs.filter((run) => run.wasShown).map((run) => run.judged);
  if (asJson) {
    const told = runs.map(({ asked, ...rest }) => ({ ...asked, fault: asked.fault.id, ...rest }));
    const all = { ...summarise(judged), ...measures(runs), confusions: confusions(runs), broken, runs: told };
    await writeOut(`${JSON.stringify(all, null, 2)}\n`);
  } else await writeOut(labScoreText(runs, broken));
  return scoreExitCode(runs, broken);
}

interface Job {
  readonly asked: Asked;
  readonly run: (tell: (text: string) => void) => Promise<ScoredRun>;
}

/** Seed by seed, so that one that is ended early has seen every fault. */
function liveJobs(chosen: readonly Fault[], values: FlagValues): readonly Job[] {
  const from = wholeNumber(values, "seed", 1);
  const seeds = Array.from({ length: wholeNumber(values, "seeds", 1) }, (_, index) => from + index);
  return seeds.flatMap((seed) =>
    chosen.flatMap((fault) => {
      const gateway = gatewayOf(values, fault);
      if (!fault.gateways.includes(gateway)) return [];
      const asked: Asked = { fault, gateway, seed };
      return [{ asked, run: (tell) => scoredRun(asked, tell, values.keep) } satisfies Job];
    }),
  );
}

const keptJobs = (chosen: readonly Fault[], folder: string): readonly Job[] =>
  keptRuns(folder)
    .filter(({ asked }) => chosen.includes(asked.fault))
    .map((kept) => ({ asked: kept.asked, run: () => rescored(kept) }));

async function runAll(
  jobs: readonly Job[],
  atOnce: number,
  isVerbose: boolean,
): Promise<{ readonly runs: readonly ScoredRun[]; readonly broken: readonly string[] }> {
  const queue = [...jobs];
  const runs: ScoredRun[] = [];
  const broken: string[] = [];
  const total = queue.length;
  let isEndedEarly = false;
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { fault, seed, gateway } = next.asked;
      const command = commandOf(fault, seed, gateway);
      try {
        const tell = isVerbose ? tellProgress(`${fault.id} ${seed}: `) : () => {};
        const run = await next.run(tell);
        // What a diagnosis saw of a lab that was ending is no verdict.
        if (isEndedEarly) throw new Error("interrupted");
        runs.push(run);
        warn(`${runs.length + broken.length} of ${total}  ${lineOf(run)}`);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        broken.push(`${command}: ${reason}`);
        warn(`${runs.length + broken.length} of ${total}  broken: ${reason}\n  Repeat it with: ${command}`);
      }
    }
  };
  // The labs end by themselves; no other is begun, and what was measured is told.
  const endEarly = (): void => {
    isEndedEarly = true;
    queue.splice(0);
  };
  process.on("SIGINT", endEarly).on("SIGTERM", endEarly);
  await Promise.all(Array.from({ length: atOnce }, work));
  process.off("SIGINT", endEarly).off("SIGTERM", endEarly);
  return { runs, broken };
}

function lineOf({ judged, wasShown, attribution, tookMs }: ScoredRun): string {
  const how = !wasShown ? "no failure" : judged.top1 ? "right" : judged.abstained ? "not found" : "wrong";
  const { right, failed } = attribution;
  return `${judged.id}: ${how} (${judged.said}; ${right} of ${failed} requests; ${(tookMs / 1000).toFixed(0)} s)`;
}
