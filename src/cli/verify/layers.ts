import type { Shot } from "../../act/load/shot.ts";
import type { VerifyReport } from "../../report/verify-report.ts";
import type { Target } from "../../target/target.ts";
import type { FlagValues } from "../flags.ts";
import { type Background, backgroundOf } from "../probe/background.ts";
import { nextCommand } from "../probe/next-command.ts";
import { defaultDeadlineMs } from "../probe/probe-of.ts";
import { probed } from "../probe/probed.ts";
import type { Progress } from "../progress.ts";

interface Asked {
  readonly values: FlagValues;
  readonly target: Target;
  readonly program: string;
}

/**
 * Where requests still fail, every hop is asked once, pods by port-forward: the layer that fails is shown. Not from a
 * bundle, and not with a method that may change something.
 */
export async function withLayers(
  report: VerifyReport,
  { method, url, connectTo, isInsecure }: Shot,
  { values, target, program }: Asked,
  progress: Progress,
): Promise<VerifyReport> {
  const isAsked = report.verdict !== "fixed" && report.after.failed > 0 && values.from === undefined;
  if (!isAsked || (method !== "GET" && method !== "HEAD")) return report;
  // Pods may be others than before the requests. What was measured is told even if the cluster cannot be read again.
  const background = await backgroundOf(values, target, progress, report.target).catch(
    (error: unknown): Background => ({ noInside: error instanceof Error ? error.message : String(error) }),
  );
  try {
    const layers = await probed(
      { method, url, isInsecure, deadlineMs: defaultDeadlineMs },
      {
        ...background,
        ...(connectTo === undefined ? {} : { gateway: connectTo }),
        isConnectToGiven: connectTo !== undefined,
        next: nextCommand(program, values, url),
      },
      progress,
    );
    return { ...report, layers };
  } finally {
    background.connection?.agent.destroy();
  }
}
