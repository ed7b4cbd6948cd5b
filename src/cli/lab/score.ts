import { summarise } from "../../../bench/scoring/summary.ts";
import { faults } from "../../../lab/faults/all.ts";
import { commandOf } from "../../../lab/run/run-fault.ts";
import type { Call } from "../commands.ts";
import { warn, writeOut } from "../output.ts";
import { type Asked, gatewayOf, isJson, namedFault, wholeNumber } from "./asked.ts";
import { confusions, labScoreText, measures } from "./score-text.ts";
import { type ScoredRun, scoredRun } from "./scored-run.ts";
import { tellProgress } from "./tell-progress.ts";

/** Runs faults with several seeds and prints how right the verdicts were. Exit code 2 when a run broke down. */
export async function score({ values }: Call): Promise<number> {
  const asJson = isJson(values);
  const chosen =
    values.faults === undefined ? faults : values.faults.split(",").map((id) => namedFault(id.trim()));
  const seeds = wholeNumber(values, "seeds", 1);
  const queue: Asked[] = chosen.flatMap((fault) => {
    const gateway = gatewayOf(values, fault);
    if (!fault.gateways.includes(gateway)) return [];
    return Array.from({ length: seeds }, (_, index) => ({ fault, gateway, seed: index + 1 }));
  });
  const { runs, broken } = await runAll(queue, wholeNumber(values, "parallel", 1), values.verbose === true);
  const judged = runs.filter((run) => run.wasShown).map((run) => run.judged);
  if (asJson) {
    const told = runs.map(({ asked, ...rest }) => ({ ...asked, fault: asked.fault.id, ...rest }));
    const all = { ...summarise(judged), ...measures(runs), confusions: confusions(runs), broken, runs: told };
    await writeOut(`${JSON.stringify(all, null, 2)}\n`);
  } else await writeOut(labScoreText(runs, broken));
  return broken.length === 0 ? 0 : 2;
}

async function runAll(
  asked: readonly Asked[],
  atOnce: number,
  isVerbose: boolean,
): Promise<{ readonly runs: readonly ScoredRun[]; readonly broken: readonly string[] }> {
  const queue = [...asked];
  const runs: ScoredRun[] = [];
  const broken: string[] = [];
  const total = queue.length;
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { fault, seed, gateway } = next;
      const command = commandOf(fault, seed, gateway);
      try {
        const tell = isVerbose ? tellProgress(`${fault.id} ${seed}: `) : () => {};
        const run = await scoredRun(next, tell);
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
  const endEarly = (): void => void queue.splice(0);
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
