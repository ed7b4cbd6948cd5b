import { terminalStyle } from "../base/terminal.ts";
import type { Report } from "../report/report.ts";
import type { Call } from "./command.ts";
import { diagnosed } from "./diagnosed.ts";
import { exitCode } from "./exit-code.ts";
import type { FlagValues } from "./flags.ts";
import { writeOut } from "./output.ts";
import { standardProgress } from "./progress.ts";

export async function run({ values, operands }: Call): Promise<number> {
  const progress = standardProgress(values.verbose === true);
  try {
    const { report, target } = await diagnosed(values, operands[0], progress);
    const text = await rendered(report, values);
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
