import type { Evidence } from "../evidence/evidence.ts";
import type { Report } from "../report/report.ts";
import { parseTarget, type Target } from "../target/target.ts";
import { durationMs } from "./duration.ts";
import { evidenceFrom } from "./evidence-from.ts";
import type { FlagValues } from "./flags.ts";
import { readLogFiles, withLogs } from "./log-files.ts";
import type { Progress } from "./progress.ts";
import { logsSince } from "./since.ts";

/** More log than this takes seconds to scan, so it is told before it begins. */
const longScanBytes = 32 * 1024 * 1024;

export interface Diagnosed {
  readonly target: Target;
  readonly evidence: Evidence;
  readonly report: Report;
}

/** Reads what the flags name and weighs it: what `diagnose` prints, `fix` mends and `verify` measures against. */
export async function diagnosed(
  values: FlagValues,
  targetText: string | undefined,
  progress: Progress,
): Promise<Diagnosed> {
  const target = parseTarget(targetText, values.namespace);
  const sinceMs = values.since === undefined ? undefined : durationMs(values.since, "--since");
  const logs = await readLogFiles(values["access-log"], values["error-log"]);
  const whole = withLogs(await evidenceFrom(values, target, progress), logs);
  // A cluster was asked for that window already; files are cut here, and only when asked to.
  const evidence = sinceMs === undefined ? whole : logsSince(whole, sinceMs);
  tellOfScan(evidence, progress);
  const { diagnose } = await import("../verdict/diagnose.ts");
  const { catalogue } = await import("../causes/catalogue.ts");
  return { target, evidence, report: diagnose(evidence, target, catalogue) };
}

function tellOfScan({ logs }: Evidence, { phase, heavyPhase }: Progress): void {
  const sizeBytes = logs.reduce((sum, log) => sum + (log.bytes?.length ?? 0), 0);
  const tell = sizeBytes > longScanBytes ? heavyPhase : phase;
  tell(`diagnosing (${logs.length} logs, ${(sizeBytes / 1e6).toFixed(1)} MB)`);
}
