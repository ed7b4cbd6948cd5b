import { LabProblem } from "../../../lab/machine/lab-problem.ts";
import { hasFailed, runFault } from "../../../lab/run/run-fault.ts";
import type { Call } from "../command.ts";
import { warn } from "../output.ts";
import { UsageProblem } from "../usage-problem.ts";
import { askedRun } from "./asked.ts";
import { diagnoseLab } from "./diagnosis.ts";
import { keepRun } from "./kept-run.ts";
import { sizeProblem } from "./recorded-case.ts";
import { tellProgress } from "./tell-progress.ts";

/** Keeps a run as a case of the corpus: its evidence as a bundle, and the truth. */
export async function record(call: Call): Promise<number> {
  const { fault, seed, gateway } = askedRun(call);
  const folder = call.values.output;
  if (folder === undefined) throw new UsageProblem("Say where to write it: lab record FAULT -o DIR.");
  const tell = tellProgress();
  const run = await runFault(fault, { seed, gateway, takeSignals: true, onProgress: tell });
  try {
    if (fault.causes.length > 0 && !run.sent.tried.some(hasFailed))
      throw new LabProblem(
        `no request failed in this run, so that there is nothing to keep. Try another --seed.`,
      );
    tell("reading the evidence");
    const { evidence } = await diagnoseLab(run.lab, run.plan);
    const tooLarge = await sizeProblem(evidence);
    if (tooLarge !== undefined) throw new LabProblem(tooLarge);
    await keepRun(folder, run, evidence);
    warn(`Wrote ${folder}.`);
    return 0;
  } finally {
    await run.stop();
  }
}
