import type { IncidentReport } from "../report/incident-report.ts";
import type { VerifyReport } from "../report/verify-report.ts";
import type { Call } from "./command.ts";
import { type Diagnosed, diagnosed } from "./diagnosed.ts";
import { exitCode } from "./exit-code.ts";
import type { FlagValues } from "./flags.ts";
import { refusePageOnTerminal, typed, writeOut } from "./output.ts";
import { type Progress, standardProgress } from "./progress.ts";
import { escalationFor } from "./report/escalation.ts";
import { readVerified } from "./report/verified.ts";
import { UsageProblem } from "./usage-problem.ts";

export async function run(call: Call): Promise<number> {
  const { values, operands } = call;
  const { output = "html" } = values;
  if (output === "html") refusePageOnTerminal("incident.html");
  const escalation = await escalationFor(values.escalation);
  const verified = values.verified === undefined ? undefined : readVerified(values.verified);
  const progress = standardProgress(values.verbose === true);
  try {
    const found = await diagnosed(values, operands[0], progress);
    const result = verified === undefined ? undefined : ofOneTarget(verified, found, values);
    const report = await composed(call, found, escalation, result, progress);
    const text = await rendered(report, output);
    progress.end();
    await writeOut(text);
    return exitCode(found.report, found.target.kind !== "all");
  } finally {
    progress.end();
  }
}

async function composed(
  { program }: Call,
  { evidence, target, report }: Diagnosed,
  escalation: Awaited<ReturnType<typeof escalationFor>>,
  verified: VerifyReport | undefined,
  progress: Progress,
): Promise<IncidentReport> {
  const { planFixes } = await import("../fix/plan.ts");
  const { incidentReport, withoutCredentials } = await import("../verdict/incident.ts");
  const { lint } = await import("../lint/lint.ts");
  const { lintRules } = await import("../lint/rules.ts");
  progress.phase("looking for what may fail next");
  const checked = lint(evidence, lintRules, { names: [evidence.source.name] });
  return incidentReport(
    { evidence, target, report, plan: planFixes(report, withoutCredentials(evidence)) },
    {
      lint: checked,
      escalation,
      verifyCommand: (name) => `${program} verify ${typed(name)}`,
      ...(verified === undefined ? {} : { verified }),
    },
  );
}

/** The result under the name that its route has in the report. @throws UsageProblem when it is of another route */
function ofOneTarget(
  verified: VerifyReport,
  { report, target }: Diagnosed,
  values: FlagValues,
): VerifyReport {
  const names = report.targets.map((t) => t.target);
  if (names.includes(verified.target)) return verified;
  const [only, ...others] = names;
  const isAsked = target.kind !== "all" && verified.target === target.text;
  if (only !== undefined && others.length === 0 && isAsked) return { ...verified, target: only };
  const about = names.length === 0 ? "finds nothing to report" : `is about ${names.slice(0, 3).join(", ")}`;
  throw new UsageProblem(`${values.verified} is about ${verified.target}, and this report ${about}.`);
}

/** Only the renderer that is asked for is loaded. */
async function rendered(report: IncidentReport, output: string): Promise<string> {
  switch (output) {
    case "json":
      return (await import("../render/json.ts")).jsonText(report);
    case "markdown":
      return (await import("../render/incident/markdown.ts")).renderIncidentMarkdown(report);
    default:
      return (await import("../render/html/page.ts")).renderIncidentHtml(report);
  }
}
