import { chooseFormat } from "../logs/formats/choose.ts";
import { sizeText } from "../base/limits.ts";
import { findLogInputs } from "../gather/log-files/find-inputs.ts";
import { scanLogInputs, type ScanProgress } from "../gather/log-scan/scan-log-inputs.ts";
import type { GatewayScan, ScanOptions } from "../logs/scan-gateway.ts";
import type { FlagValues } from "./flags.ts";
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
  progress: Progress,
): Promise<GatewayScan> {
  const options = scanOptions(values, askedAt.getTime());
  const { inputs, losses } = await findLogInputs(paths);
  progress.phase(inputs.length === 1 ? `reading ${inputs[0]?.name}` : `reading ${inputs.length} logs`);
  const scan = await scanLogInputs(inputs, options, rateTold(progress));
  return { ...scan, losses: [...losses.map(({ what, why }) => `${what}: ${why}`), ...scan.losses] };
}

const tellEveryMs = 500;

/** "1.2 GB of 20.1 GB, 640 MB/s, 29 s left", from the second on that it takes. */
function rateTold(progress: Progress): (done: ScanProgress) => void {
  const startedMs = performance.now();
  let toldMs = startedMs + tellEveryMs;
  return ({ readBytes, totalBytes, textBytes, lines }) => {
    const nowMs = performance.now();
    if (nowMs - toldMs < tellEveryMs) return;
    toldMs = nowMs;
    const seconds = (nowMs - startedMs) / 1000;
    const rate = `${sizeText(textBytes / seconds)}/s, ${lines.toLocaleString("en-US")} lines`;
    if (totalBytes === undefined || readBytes === 0)
      progress.heavyPhase(`read ${sizeText(textBytes)}, ${rate}`);
    else {
      const left = Math.round((seconds * (totalBytes - readBytes)) / readBytes);
      progress.heavyPhase(`read ${sizeText(readBytes)} of ${sizeText(totalBytes)}, ${rate}, ${left} s left`);
    }
  };
}
