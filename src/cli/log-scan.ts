import { chooseFormat } from "../logs/formats/choose.ts";
import { type GatewayScan, scanGatewayLogs, type ScanOptions } from "../logs/scan-gateway.ts";
import type { FlagValues } from "./flags.ts";
import { readLogFiles } from "./log-files.ts";
import { momentMs } from "./log-window.ts";
import type { Progress } from "./progress.ts";
import { UsageProblem } from "./usage-problem.ts";

/** What the flags of `logs` ask of a scan. Throws UsageProblem for a value that means nothing. */
export function scanOptions(values: FlagValues, nowMs: number): ScanOptions {
  const { format, since, until, host, path, service, status } = values;
  const chosen = chooseFormat(format ?? "auto");
  if (chosen.kind === "problem") throw new UsageProblem(`--format: ${chosen.problem}.`);
  if (status !== undefined && !/^(?:\d{3}|[1-5]xx)$/i.test(status))
    throw new UsageProblem(`--status ${status}: write a code such as 502, or a class such as 5xx.`);
  return {
    nowMs,
    ...(chosen.kind === "format" && format !== undefined ? { formats: { "*": format } } : {}),
    filter: {
      ...(since === undefined ? {} : { fromMs: momentMs(since, "--since", nowMs) }),
      ...(until === undefined ? {} : { toMs: momentMs(until, "--until", nowMs) }),
      ...(host === undefined ? {} : { host }),
      ...(path === undefined ? {} : { path }),
      ...(service === undefined ? {} : { service }),
      ...(status === undefined ? {} : { status }),
    },
  };
}

/** Scans the files that paths name, whatever their size, and tells how far it is. */
export async function scanFiles(
  paths: readonly string[],
  values: FlagValues,
  askedAt: Date,
  _progress: Progress,
): Promise<GatewayScan> {
  return scanGatewayLogs(await readLogFiles(paths), scanOptions(values, askedAt.getTime()));
}
