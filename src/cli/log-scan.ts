import { type GatewayScan, scanGatewayLogs } from "../logs/scan-gateway.ts";
import type { FlagValues } from "./flags.ts";
import { readLogFiles } from "./log-files.ts";
import type { Progress } from "./progress.ts";

export async function scanFiles(
  paths: readonly string[],
  _values: FlagValues,
  askedAt: Date,
  _progress: Progress,
): Promise<GatewayScan> {
  return scanGatewayLogs(await readLogFiles(paths), { nowMs: askedAt.getTime() });
}
