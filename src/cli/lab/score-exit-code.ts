import type { ExitCode } from "../exit-code.ts";
import type { ScoredRun } from "./scored-run.ts";

/** 2: a run broke down, or its fault made nothing fail, so that there was nothing to judge; 1: a verdict is not the truth. */
export function scoreExitCode(
  runs: readonly Pick<ScoredRun, "wasShown" | "judged">[],
  broken: readonly string[],
): ExitCode {
  if (broken.length > 0 || runs.length === 0 || runs.some((run) => !run.wasShown)) return 2;
  return runs.every(({ judged }) => judged.top1 && judged.falselyAccused.length === 0) ? 0 : 1;
}
