import type { ProbeReport } from "../report/probe-report.ts";
import type { Call } from "./command.ts";
import { standardStyle } from "./diagnose.ts";
import type { FlagValues } from "./flags.ts";
import { writeOut } from "./output.ts";
import { probeOf } from "./probe/probe-of.ts";
import { standardProgress } from "./progress.ts";

export async function run(call: Call): Promise<number> {
  const { values } = call;
  const progress = standardProgress(values.verbose === true);
  try {
    const report = await probeOf(call, progress);
    progress.end();
    await writeOut(await rendered(report, values));
    return exitCodes[report.verdict.state];
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
