/**
 * `npm run corpus:adopt -- DIR…`: takes runs that `lab score --keep` or `lab record` kept over into the corpus, each
 * under the id of its fault in the place of the one before, with the truth as the fault declares it today.
 */
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { corpusDir } from "../../../corpus/frozen-cases.ts";
import { UsageProblem } from "../usage-problem.ts";
import { keptRun, writeTruth } from "./kept-run.ts";
import { recordedId, runProblems } from "./recorded-case.ts";

/**
 * The ids of the cases that were written; all are looked at before the first is.
 * @throws UsageProblem when one cannot be a case, or two would be the same one
 */
export async function adoptRuns(folders: readonly string[], corpus: string): Promise<readonly string[]> {
  const runs = folders.map((folder) => ({ folder, kept: keptRun(folder) }));
  const ids = runs.map(({ kept }) => recordedId(kept.asked));
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new UsageProblem(`two of these would be ${twice}. Name one of them.`);
  for (const { folder, kept } of runs) {
    const [problem] = await runProblems(kept);
    if (problem !== undefined) throw new UsageProblem(`${folder}: ${problem}`);
  }
  for (const [index, { folder, kept }] of runs.entries()) {
    const to = join(corpus, ids[index]!);
    if (resolve(folder) !== resolve(to)) {
      rmSync(to, { recursive: true, force: true });
      mkdirSync(to, { recursive: true });
      cpSync(kept.bundle, join(to, "bundle"), { recursive: true });
    }
    writeTruth(to, kept);
  }
  return ids;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folders = process.argv.slice(2);
  try {
    if (folders.length === 0) throw new UsageProblem("Name the folders of kept runs: corpus:adopt -- DIR…");
    for (const id of await adoptRuns(folders, corpusDir)) process.stdout.write(`corpus/${id}\n`);
  } catch (error) {
    if (!(error instanceof UsageProblem)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
}
