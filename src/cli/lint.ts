import type { Evidence } from "../evidence/evidence.ts";
import type { LintOptions } from "../lint/lint.ts";
import type { LintReport, Severity } from "../report/lint-report.ts";
import type { Call } from "./command.ts";
import { standardStyle } from "./diagnose.ts";
import type { FlagValues } from "./flags.ts";
import { readBaseline, readLintConfig, writeBaseline } from "./lint/files.ts";
import { type Linted, readLinted } from "./lint/read.ts";
import { warn, writeOut } from "./output.ts";
import { type Progress, standardProgress } from "./progress.ts";
import { UsageProblem } from "./usage-problem.ts";

export async function run({ values, operands }: Call): Promise<number> {
  const threshold = thresholdOf(values);
  const { ignores } = await readLintConfig(values.config);
  const baseline = values.baseline === undefined ? new Set<string>() : readBaseline(values.baseline);
  const progress = standardProgress(values.verbose === true);
  try {
    const options: Asked = {
      ...(values.namespace === undefined ? {} : { namespace: values.namespace }),
      ignores,
      baseline,
    };
    const checked = await (values.fix === true ? checkFixed : check)(operands, values, options, progress);
    const { report, linted } = checked;
    const { evidence } = linted;
    progress.end();
    if (values["write-baseline"] !== undefined) {
      writeBaseline(values["write-baseline"], report);
      warn(
        `Wrote ${values["write-baseline"]} with ${report.findings.length === 1 ? "1 finding" : `${report.findings.length} findings`}. Leave them out with: --baseline ${values["write-baseline"]}`,
      );
      return 0;
    }
    await writeOut(await rendered(report, values));
    return lintExitCode(report, threshold, isPartlyRead(evidence, report));
  } finally {
    progress.end();
  }
}

type Asked = Pick<LintOptions, "namespace" | "ignores" | "baseline">;

interface Checked {
  readonly report: LintReport;
  readonly linted: Linted;
}

async function check(
  paths: readonly string[],
  values: FlagValues,
  options: Asked,
  progress: Progress,
): Promise<Checked> {
  const linted = await readLinted(paths, values, progress);
  progress.phase("checking");
  const { lint } = await import("../lint/lint.ts");
  const { lintRules } = await import("../lint/rules.ts");
  const { evidence, placeOf, reached } = linted;
  const names = paths.length === 0 ? [evidence.source.name] : paths;
  return { report: lint(evidence, lintRules, { names, ...options, placeOf, reached }), linted };
}

/** More than there are rules that change one object. */
const mostRounds = 40;

/** Makes what is safe, and looks again, until there is nothing left to make. */
const checkFixed: typeof check = async (paths, ...how) => {
  let checked = await check(paths, ...how);
  // oxlint-disable-next-line no-await-in-loop -- what is to be changed next is known when a change is made
  for (let round = 0; round < mostRounds && (await makeFixes(checked, paths)); round++) {
    // oxlint-disable-next-line no-await-in-loop
    checked = await check(paths, ...how);
  }
  return checked;
};

async function makeFixes({ report, linted }: Checked, paths: readonly string[]): Promise<boolean> {
  if (linted.evidence.source.kind !== "files" || paths.includes("-"))
    throw new UsageProblem(
      "--fix changes manifests: name their files or folders. A cluster is changed with: fix",
    );
  const { fixInFiles } = await import("./lint/fix-in-files.ts");
  return fixInFiles(report, linted.evidence);
}

type Threshold = Severity | "never";

const thresholdOf = (values: FlagValues): Threshold => (values["fail-on"] ?? "warning") as Threshold;

const atOrAbove: Readonly<Record<Threshold, readonly Severity[]>> = {
  error: ["error"],
  warning: ["error", "warning"],
  note: ["error", "warning", "note"],
  never: [],
};

/** 1: a finding at the threshold or above. 2: none, but something that was given could not be read. */
export function lintExitCode(
  { counts }: Pick<LintReport, "counts">,
  threshold: Threshold,
  isPartlyRead: boolean,
): number {
  if (atOrAbove[threshold].some((severity) => counts[severity] > 0)) return 1;
  return isPartlyRead ? 2 : 0;
}

/** A manifest that is broken or not rendered, or a list of the cluster that may not be read. */
function isPartlyRead({ source, coverage, losses }: Evidence, report: LintReport): boolean {
  if (source.kind === "files") return losses.length > 0;
  const failed = new Set<string>(coverage.filter((c) => c.extent === "failed").map((c) => c.resource));
  return report.losses.some(({ what }) => failed.has(what.split(" ")[0] ?? ""));
}

/** Only the renderer that is asked for is loaded. */
async function rendered(report: LintReport, values: FlagValues): Promise<string> {
  switch (values.output) {
    case "json":
      return (await import("../render/json.ts")).jsonText(report);
    case "sarif":
      return (await import("../render/lint-sarif.ts")).renderLintSarif(report);
    case "junit":
      return (await import("../render/lint-junit.ts")).renderLintJunit(report);
    case "github":
      return (await import("../render/lint-github.ts")).renderLintGithub(report);
    default: {
      const { renderLintTerminal } = await import("../render/lint-terminal.ts");
      return renderLintTerminal(report, { style: standardStyle(values), verbose: values.verbose === true });
    }
  }
}
