import { resolveRoutes } from "../derive/routes.ts";
import type { LadderReport } from "../report/ladder-report.ts";
import { parseTarget } from "../target/target.ts";
import type { Call } from "./command.ts";
import { standardStyle } from "./diagnose.ts";
import { evidenceFrom } from "./evidence-from.ts";
import { writeOut } from "./output.ts";
import { standardProgress } from "./progress.ts";
import { UsageProblem } from "./usage-problem.ts";

export async function run({ values, operands }: Call): Promise<number> {
  const target = parseTarget(operands[0], values.namespace);
  const progress = standardProgress(values.verbose === true);
  try {
    const evidence = await evidenceFrom(values, target, progress);
    const { ladderReport } = await import("../lint/ladder.ts");
    const report = ladderReport(evidence, (applied) => {
      const { routes, problem } = resolveRoutes(applied, target);
      if (routes.length > 0) return routes;
      const near =
        problem === undefined || problem.near.length === 0 ? "" : ` Did you mean ${problem.near.join(", ")}?`;
      throw new UsageProblem(`${problem?.message ?? "no route was found."}${near}`);
    });
    progress.end();
    if (values.output === "json") {
      const { jsonText } = await import("../render/json.ts");
      await writeOut(jsonText(report));
    } else {
      const { renderLadderTerminal } = await import("../render/ladder-terminal.ts");
      await writeOut(
        renderLadderTerminal(report, { style: standardStyle(values), verbose: values.verbose === true }),
      );
    }
    return ladderExitCode(report);
  } finally {
    progress.end();
  }
}

/** 1: two hops are in the wrong order. */
const ladderExitCode = ({ ladders }: LadderReport): number =>
  ladders.some((l) => l.inversions.some((i) => !i.isAssumed)) ? 1 : 0;
