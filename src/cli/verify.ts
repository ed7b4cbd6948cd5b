import { connect } from "../gather/cluster/connection.ts";
import type { VerifyReport } from "../report/verify-report.ts";
import type { Call } from "./command.ts";
import { diagnosed } from "./diagnosed.ts";
import { standardStyle } from "./diagnose.ts";
import { clusterOptions } from "./evidence-from.ts";
import type { FlagValues } from "./flags.ts";
import { writeOut } from "./output.ts";
import { standardProgress } from "./progress.ts";
import { UsageProblem } from "./usage-problem.ts";
import { verdictExitCode } from "./verify/exit.ts";
import { withLayers } from "./verify/layers.ts";
import { plannedVerification, verified } from "./verify/verification.ts";

export async function run({ values, operands, program }: Call): Promise<number> {
  const { from, during } = values;
  if (from !== undefined && during !== undefined)
    throw new UsageProblem("--during acts on the cluster of the context, and --from reads a bundle instead.");
  const progress = standardProgress(values.verbose === true);
  const asked = operands[0] ?? "";
  try {
    const before = await diagnosed(values, asked, progress);
    const cause = before.report.targets[0]?.findings.find((finding) => finding.state === "supported")?.cause;
    const plan = plannedVerification(values, before, asked, cause);
    const connection =
      from === undefined && during !== undefined ? await connect(clusterOptions(values)) : undefined;
    try {
      const measured = await verified(plan, connection, progress, false);
      const report = await withLayers(
        measured,
        plan.shot,
        { values, target: before.target, program },
        progress,
      );
      progress.end();
      await writeOut(await rendered(report, values));
      return verdictExitCode(report.verdict);
    } finally {
      connection?.agent.destroy();
    }
  } finally {
    progress.end();
  }
}

async function rendered(report: VerifyReport, values: FlagValues): Promise<string> {
  if (values.output === "json") {
    const { renderJson } = await import("../render/json.ts");
    return renderJson(report);
  }
  const { renderVerify } = await import("../render/verify-terminal.ts");
  return renderVerify(report, standardStyle(values));
}
