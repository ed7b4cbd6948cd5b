import type { ProbeReport } from "../report/probe-report.ts";
import { parseTarget } from "../target/target.ts";
import type { Call } from "./command.ts";
import { standardStyle } from "./diagnose.ts";
import { durationMs } from "./duration.ts";
import type { FlagValues } from "./flags.ts";
import { writeOut } from "./output.ts";
import { backgroundOf } from "./probe/background.ts";
import { probed } from "./probe/probed.ts";
import { requestOf } from "./probe/request-of.ts";
import { standardProgress } from "./progress.ts";
import { UsageProblem } from "./usage-problem.ts";
import { addressOf, methodOf } from "./verify/numbers.ts";

/** Longer than the minute that most gateways wait for a response, so that their 504 is seen. */
const defaultDeadlineMs = 75_000;

export async function run({ values, operands, program }: Call): Promise<number> {
  const method = methodOf(values) ?? "GET";
  if (method !== "GET" && method !== "HEAD")
    throw new UsageProblem(`--method ${method}: a probe only reads; it sends GET or HEAD.`);
  const deadlineMs =
    values["max-time"] === undefined ? defaultDeadlineMs : durationMs(values["max-time"], "--max-time");
  const given =
    values["connect-to"] === undefined ? undefined : addressOf(values["connect-to"], "--connect-to");
  const target = parseTarget(operands[0], values.namespace);
  const progress = standardProgress(values.verbose === true);
  try {
    const background = await backgroundOf(values, target, progress);
    try {
      const { url, gateway } = requestOf(target, values, background);
      const report = await probed(
        { method, url, isInsecure: values.insecure === true, deadlineMs },
        {
          ...background,
          ...((given ?? gateway) === undefined ? {} : { gateway: given ?? gateway }),
          isConnectToGiven: given !== undefined,
          program,
        },
        progress,
      );
      progress.end();
      await writeOut(await rendered(report, values));
      return exitCodes[report.verdict.state];
    } finally {
      background.connection?.agent.destroy();
    }
  } finally {
    progress.end();
  }
}

const exitCodes: Readonly<Record<ProbeReport["verdict"]["state"], number>> = {
  well: 0,
  failing: 1,
  unknown: 2,
};

async function rendered(report: ProbeReport, values: FlagValues): Promise<string> {
  switch (values.output) {
    case "json": {
      const { renderJson } = await import("../render/json.ts");
      return renderJson(report);
    }
    case "markdown": {
      const { renderProbeMarkdown } = await import("../render/probe-markdown.ts");
      return renderProbeMarkdown(report);
    }
    default: {
      const { renderProbe } = await import("../render/probe-terminal.ts");
      return renderProbe(report, { style: standardStyle(values), verbose: values.verbose === true });
    }
  }
}
