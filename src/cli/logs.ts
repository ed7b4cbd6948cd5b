import type { Evidence } from "../evidence/evidence.ts";
import type { GatewayScan } from "../logs/scan-gateway.ts";
import type { LogsReport } from "../report/logs-report.ts";
import type { Call } from "./command.ts";
import { standardStyle } from "./diagnose.ts";
import { logsExitCode } from "./exit-code.ts";
import type { FlagValues } from "./flags.ts";
import { scanFiles } from "./log-scan.ts";
import { writeOut } from "./output.ts";
import { standardProgress } from "./progress.ts";
import { UsageProblem } from "./usage-problem.ts";

export async function run({ values, operands }: Call): Promise<number> {
  const progress = standardProgress(values.verbose === true);
  const askedAt = new Date();
  try {
    if (values.follow === true) return await followed(values, operands, progress.end);
    const beside = values.from === undefined ? undefined : await besideFrom(values.from, progress.phase);
    const scan = await scanFiles(operands, values, askedAt, progress);
    progress.phase("weighing causes");
    const report = await reportOf(scan, operands, askedAt, beside);
    progress.end();
    await writeOut(await renderLogs(report, values));
    return logsExitCode(report);
  } finally {
    progress.end();
  }
}

async function followed(values: FlagValues, paths: readonly string[], end: () => void): Promise<number> {
  if (values.from !== undefined)
    throw new UsageProblem("--follow reads logs that grow; a bundle (--from) does not.");
  const { follow } = await import("./follow.ts");
  const { renderLogsLine, renderLogsSummary } = await import("../render/logs-terminal.ts");
  end();
  const report = await follow({
    paths,
    values,
    report: (scan) => reportOf(scan, paths, new Date()),
    summary: (now) => renderLogsSummary(now, standardStyle(values)),
    line: renderLogsLine,
  });
  await writeOut(await renderLogs(report, values));
  return logsExitCode(report);
}

async function besideFrom(path: string, phase: (message: string) => void): Promise<Evidence> {
  phase(`reading ${path}`);
  const { openSource } = await import("../gather/open-source.ts");
  return openSource(path, {});
}

/** The report of what was scanned; files are named as they were given. */
export async function reportOf(
  scan: GatewayScan,
  paths: readonly string[],
  askedAt: Date,
  beside?: Evidence,
): Promise<LogsReport> {
  const { logsReport } = await import("../verdict/logs-report.ts");
  const { catalogue } = await import("../causes/catalogue.ts");
  const files = paths.map((path) => (path === "-" ? "standard input" : path));
  const question = { files, askedAt: askedAt.toISOString(), ...(beside === undefined ? {} : { beside }) };
  return logsReport(scan, question, catalogue);
}

export async function renderLogs(report: LogsReport, values: FlagValues): Promise<string> {
  const verbose = values.verbose === true;
  switch (values.output) {
    case "json": {
      const { renderJson } = await import("../render/json.ts");
      return renderJson(report);
    }
    case "markdown": {
      const { renderLogsMarkdown } = await import("../render/logs-markdown.ts");
      return renderLogsMarkdown(report, { verbose });
    }
    default: {
      const { renderLogsTerminal } = await import("../render/logs-terminal.ts");
      return renderLogsTerminal(report, { style: standardStyle(values), verbose });
    }
  }
}
