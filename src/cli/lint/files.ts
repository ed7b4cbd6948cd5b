import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { baselineOf, baselineText, lintConfig, type LintConfig } from "../../lint/config.ts";
import type { LintReport } from "../../report/lint-report.ts";
import { UsageProblem } from "../usage-problem.ts";

const usualConfig = ".why5xx.yaml";

/** The file that is named, else the one in the folder where the command runs, else nothing. */
export async function readLintConfig(path: string | undefined): Promise<LintConfig> {
  if (path === undefined && !existsSync(usualConfig)) return lintConfig(undefined);
  const file = path ?? usualConfig;
  const { parse } = await import("yaml");
  let value: unknown;
  try {
    value = parse(textOf(file), { logLevel: "error", prettyErrors: false, maxAliasCount: 100 });
  } catch (error) {
    if (error instanceof UsageProblem) throw error;
    throw new UsageProblem(`${file} is not YAML: ${messageOf(error)}`);
  }
  const config = lintConfig(value);
  const [problem] = config.problems;
  if (problem !== undefined)
    throw new UsageProblem(
      `${file}: ${problem}. An entry looks like: ignore: [{rule: single-replica, object: "Deployment shop/web", reason: "…"}]`,
    );
  return config;
}

export function readBaseline(path: string): ReadonlySet<string> {
  let value: unknown;
  try {
    value = JSON.parse(textOf(path));
  } catch (error) {
    if (error instanceof UsageProblem) throw error;
    throw notOurs(path);
  }
  const baseline = baselineOf(value);
  if (baseline === undefined) throw notOurs(path);
  return baseline;
}

/** All that was found, what the baseline in use already holds as well. */
export function writeBaseline(path: string, report: LintReport): void {
  const kept = report.suppressed.filter((f) => f.by === "baseline");
  const text = baselineText([...report.findings, ...kept].map((f) => f.fingerprint));
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new UsageProblem(`${path} cannot be written: ${messageOf(error)}`);
  }
}

const notOurs = (path: string): UsageProblem =>
  new UsageProblem(`${path} is no baseline. Write one with: lint … --write-baseline ${path}`);

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageProblem(`${path} cannot be read: ${messageOf(error)}`);
  }
}

const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
