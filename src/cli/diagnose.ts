import { terminalStyle } from "../base/terminal.ts";
import type { Evidence } from "../evidence/evidence.ts";
import type { Report } from "../report/report.ts";
import { parseTarget } from "../target/target.ts";
import type { Call } from "./commands.ts";
import { evidenceFrom } from "./evidence-from.ts";
import { exitCode } from "./exit-code.ts";
import { durationMs } from "./duration.ts";
import type { FlagValues } from "./flags.ts";
import { readLogFiles, withLogs } from "./log-files.ts";
import { writeOut } from "./output.ts";
import { standardProgress } from "./progress.ts";
import { logsSince } from "./since.ts";

/** More log than this takes seconds to scan, so it is told before it begins. */
const longScanBytes = 32 * 1024 * 1024;

export async function run({ values, operands }: Call): Promise<number> {
  const target = parseTarget(operands[0], values.namespace);
  const sinceMs = values.since === undefined ? undefined : durationMs(values.since, "--since");
  const progress = standardProgress(values.verbose === true);
  try {
    const logs = await readLogFiles(values["access-log"], values["error-log"]);
    const whole = withLogs(await evidenceFrom(values, target, progress), logs);
    // A cluster was asked for that window already; files are cut here, and only when asked to.
    const evidence = sinceMs === undefined ? whole : logsSince(whole, sinceMs);
    tellOfScan(evidence, progress.phase, progress.heavyPhase);
    const { diagnose } = await import("../verdict/diagnose.ts");
    const { catalogue } = await import("../causes/catalogue.ts");
    const report = diagnose(evidence, target, catalogue);
    const text = await rendered(report, values);
    progress.end();
    await writeOut(text);
    return exitCode(report, target.kind !== "all");
  } finally {
    progress.end();
  }
}

function tellOfScan(
  { logs }: Evidence,
  phase: (message: string) => void,
  heavyPhase: (message: string) => void,
): void {
  const sizeBytes = logs.reduce((sum, log) => sum + (log.bytes?.length ?? 0), 0);
  const tell = sizeBytes > longScanBytes ? heavyPhase : phase;
  tell(`diagnosing (${logs.length} logs, ${(sizeBytes / 1e6).toFixed(1)} MB)`);
}

/** Only the renderer that is asked for is loaded. */
async function rendered(report: Report, values: FlagValues): Promise<string> {
  const verbose = values.verbose === true;
  switch (values.output) {
    case "json": {
      const { renderJson } = await import("../render/json.ts");
      return renderJson(report);
    }
    case "markdown": {
      const { renderMarkdown } = await import("../render/markdown.ts");
      return renderMarkdown(report, { verbose });
    }
    default: {
      const { renderTerminal } = await import("../render/terminal.ts");
      return renderTerminal(report, { style: standardStyle(values), verbose });
    }
  }
}

export const standardStyle = (values: FlagValues): ReturnType<typeof terminalStyle> =>
  terminalStyle({
    env: process.env,
    isTty: process.stdout.isTTY,
    columns: process.stdout.columns,
    noColor: values["no-color"] === true,
  });
