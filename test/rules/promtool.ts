import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import type { RuleFile } from "../../src/rules/rule-file.ts";
import { lacks } from "../support/programs.ts";

/** True where promtool is not installed; says so once. */
export const isPoor = lacks("proofs of alert rules", ["promtool", "--version"]);

/** Which alerts fire after these series. */
export interface RuleCase {
  readonly name: string;
  /** Values in the notation of promtool's tests, one a minute. */
  readonly series: Readonly<Record<string, string>>;
  readonly atMinute: number;
  /** Nothing else may. */
  readonly fires: readonly Fired[];
  /** Default one. */
  readonly everyMinutes?: number;
  /** It counts as well what fired before and no longer does. Default false. */
  readonly isEver?: boolean;
}

/** An alert, and what it says of where. */
export type Fired = { readonly alertname: string } & Readonly<Record<string, string>>;

/** What promtool says of the cases that do not come out as they should, by case. */
export function failuresOf(rules: RuleFile, cases: readonly RuleCase[]): Readonly<Record<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), "why5xx-rules-"));
  try {
    const rulesFile = join(folder, "rules.yaml");
    writeFileSync(rulesFile, stringify(rules, { lineWidth: 0, aliasDuplicateObjects: false }));
    const found: Record<string, string> = {};
    for (const [minutes, same] of Map.groupBy(cases, ({ everyMinutes = 1 }) => everyMinutes))
      Object.assign(found, failuresIn(folder, rulesFile, minutes, same));
    return found;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What tells alerts apart; when metrics are missing is a test of its own. */
const firing = (alerts: string): string =>
  `group by (alertname, long, namespace, service, pod, container, deployment, horizontalpodautoscaler,
  poddisruptionbudget, host, cn, name, controller) (${alerts})`;
const now = 'ALERTS{alertstate="firing",alertname!="Why5xxMetricsMissing"}';

function failuresIn(
  folder: string,
  rulesFile: string,
  minutes: number,
  cases: readonly RuleCase[],
): Readonly<Record<string, string>> {
  const testsFile = join(folder, `every-${minutes}.test.yaml`);
  writeFileSync(testsFile, stringify(testFile(rulesFile, minutes, cases)));
  const { status, stdout, stderr } = spawnSync("promtool", ["test", "rules", testsFile], {
    encoding: "utf8",
  });
  if (status === 0) return {};
  const said = `${stdout}${stderr}`;
  const blocks = said.split(/(?=^ {4}expr: )/m).flatMap((block) => {
    const name = /# case (.*?)\\n/.exec(block)?.[1];
    return name === undefined ? [] : [[name, block] as const];
  });
  return blocks.length === 0 ? { promtool: said } : Object.fromEntries(blocks);
}

const testFile = (rulesFile: string, minutes: number, cases: readonly RuleCase[]): object => ({
  rule_files: [rulesFile],
  evaluation_interval: `${minutes}m`,
  tests: cases.map(({ name, series, atMinute, fires, isEver }) => ({
    interval: "1m",
    input_series: Object.entries(series).map(([key, values]) => ({ series: key, values })),
    promql_expr_test: [
      {
        expr: `# case ${name}\n${firing(isEver === true ? `last_over_time(${now}[${atMinute}m])` : now)}`,
        eval_time: `${atMinute}m`,
        exp_samples: fires.map((labels) => ({ labels: labelText(labels), value: 1 })),
      },
    ],
  })),
});

/** Some of the groups, so that promtool need not evaluate what the cases say nothing of. */
export const groupsNamed = ({ groups }: RuleFile, name: RegExp): RuleFile => ({
  groups: groups.filter((group) => name.test(group.name)),
});

const labelText = (labels: Readonly<Record<string, string>>): string =>
  `{${Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(",")}}`;

/** A counter that grows so much a minute for so many minutes, and so on; `null`: it is not there. */
export function counter(
  ...segments: readonly (readonly [perMinute: number | null, minutes: number])[]
): string {
  let value = 0;
  return segments
    .map(([perMinute, minutes]) => {
      if (perMinute === null) return `_x${minutes}`;
      const from = value + perMinute;
      value += perMinute * minutes;
      return `${from}+${perMinute}x${minutes - 1}`;
    })
    .join(" ");
}
