import { terminalStyle } from "../base/terminal.ts";
import type { Report } from "../report/report.ts";
import type { Call } from "./command.ts";
import { type Diagnosed, diagnosed } from "./diagnosed.ts";
import { exitCode } from "./exit-code.ts";
import type { FlagValues } from "./flags.ts";
import { refusePageOnTerminal, writeOut } from "./output.ts";
import { standardProgress } from "./progress.ts";

export async function run({ values, operands }: Call): Promise<number> {
  if (values.output === "html") refusePageOnTerminal("diagnosis.html");
  const progress = standardProgress(values.verbose === true);
  try {
    const found = await diagnosed(values, operands[0], progress);
    const { report, target } = found;
    const text = values.output === "html" ? await page(found) : await rendered(report, values);
    progress.end();
    await writeOut(text);
    return exitCode(report, target.kind !== "all");
  } finally {
    progress.end();
  }
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
    case "sarif": {
      const { renderSarif } = await import("../render/sarif.ts");
      return renderSarif(report);
    }
    default: {
      const { renderTerminal } = await import("../render/terminal.ts");
      return renderTerminal(report, { style: standardStyle(values), verbose });
    }
  }
}

/** The page of `report`, without what follows an incident. */
async function page({ report, evidence, target }: Diagnosed): Promise<string> {
  const { planFixes } = await import("../fix/plan.ts");
  const { incidentReport, withoutCredentials } = await import("../verdict/incident.ts");
  const { renderIncidentHtml } = await import("../render/html/page.ts");
  return renderIncidentHtml(
    incidentReport({ evidence, target, report, plan: planFixes(report, withoutCredentials(evidence)) }),
  );
}

export const standardStyle = (values: FlagValues): ReturnType<typeof terminalStyle> =>
  terminalStyle({
    env: process.env,
    isTty: process.stdout.isTTY,
    columns: process.stdout.columns,
    noColor: values["no-color"] === true,
  });
