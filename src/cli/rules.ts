import { stringify } from "yaml";
import { visible } from "../base/text.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { nearestNames } from "../derive/near-names.ts";
import { type ControllerName, controllerNames, isControllerName } from "../rules/controllers.ts";
import { dashboard } from "../rules/dashboard.ts";
import { foundControllers } from "../rules/found-controllers.ts";
import { prometheusRule } from "../rules/operator.ts";
import type { RuleFile } from "../rules/rule-file.ts";
import { ruleFile, type RuleOptions } from "../rules/rules.ts";
import type { Call } from "./command.ts";
import { clusterOptions, evidenceFrom } from "./evidence-from.ts";
import { connectionFlags, type FlagName, type FlagValues } from "./flags.ts";
import { typed, warn, writeOut } from "./output.ts";
import { standardProgress } from "./progress.ts";
import { UsageProblem } from "./usage-problem.ts";

export async function run({ values, program }: Call): Promise<number> {
  const { format, output } = shapeOf(values);
  const objective = objectiveOf(values.slo);
  const runbookUrl = urlOf(values["runbook-url"]);
  const { controllers, from } = await controllersOf(values, program);
  const options: RuleOptions = {
    controllers,
    objective,
    ...(runbookUrl === undefined ? {} : { runbookUrl }),
  };
  if (values.dashboard === true) {
    await writeOut(asJson(dashboard(options)));
    warn(
      "Import it in Grafana. It draws what the rules record; load them too: " + commandOf(program, options),
    );
    return 0;
  }
  const rules = ruleFile(options);
  const wanted = format === "operator" ? prometheusRule(rules) : rules;
  await writeOut(output === "json" ? asJson(wanted) : `${header(program, options, format)}${asYaml(wanted)}`);
  warn(`${counted(rules)} for ${controllers.join(", ") || "pods alone"}${from}.${next(format)}`);
  return 0;
}

function shapeOf(values: FlagValues): { readonly format: string; readonly output: string } {
  const { format = "prometheus", output = values.dashboard === true ? "json" : "yaml" } = values;
  if (values.dashboard === true && (output === "yaml" || values.format !== undefined))
    throw new UsageProblem(
      `a dashboard is JSON for Grafana; leave out ${output === "yaml" ? "-o yaml" : "--format"}.`,
    );
  return { format, output };
}

/** Below 95, fourteen times what may fail is more than there is, and nobody would ever be called. */
function objectiveOf(slo = "99.9"): number {
  const value = /^\d{2}(\.\d{1,4})?%?$/.test(slo) ? Number(slo.replace("%", "")) : NaN;
  if (!(value >= 95 && value < 100))
    throw new UsageProblem(
      `--slo ${slo}: say how many percent of the requests are to succeed, from 95 to 99.9999: --slo 99.9.`,
    );
  return value;
}

function urlOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== "" || url.hash !== "")
    throw new UsageProblem(
      `--runbook-url ${text}: say where the pages of docs/causes are: https://HOST/FOLDER, without ? and #.`,
    );
  return url.href;
}

interface Chosen {
  readonly controllers: readonly ControllerName[];
  /** ", found in the cluster prod"; nothing when they were named. */
  readonly from: string;
}

const readingFlags: readonly FlagName[] = ["from", ...connectionFlags];

async function controllersOf(values: FlagValues, program: string): Promise<Chosen> {
  const { controller = "auto" } = values;
  if (controller === "auto") return find(values, program);
  const misplaced = readingFlags.find((name) => values[name] !== undefined);
  if (misplaced !== undefined)
    throw new UsageProblem(
      `--${misplaced} says where to look for controllers, and --controller names them; leave out one.`,
    );
  return { controllers: controller === "none" ? [] : namedControllers(controller), from: "" };
}

function namedControllers(text: string): readonly ControllerName[] {
  const names = text.split(",").map((name) => name.trim());
  if (names.includes("")) throw new UsageProblem(`--controller ${text}: a name is missing beside a comma.`);
  const wrong = names.find((name) => !isControllerName(name));
  if (wrong !== undefined) {
    const [near] = nearestNames(wrong, controllerNames);
    throw new UsageProblem(
      `--controller ${wrong}: the metrics known are those of ${controllerNames.join(", ")}; none is for pods alone.${near === undefined ? "" : ` Did you mean ${near}?`}`,
    );
  }
  return [...new Set(names)].filter(isControllerName).sort();
}

/** Looks in the cluster, or in what --from names. */
async function find(values: FlagValues, program: string): Promise<Chosen> {
  if (values.namespace !== undefined && values["all-namespaces"])
    throw new UsageProblem("--namespace and --all-namespaces exclude each other.");
  const progress = standardProgress(values.verbose === true);
  try {
    const { namespace } = values;
    const target = { kind: "all", ...(namespace === undefined ? {} : { namespace }) } as const;
    const evidence = await (values.from === undefined
      ? (await import("../gather/sources/cluster.ts")).gatherCluster(
          { ...clusterOptions(values), withoutLogs: true },
          target,
          progress.phase,
        )
      : evidenceFrom(values, target, progress));
    progress.end();
    const { known, others } = foundControllers(evidence);
    const place = `${evidence.source.kind === "cluster" ? "the cluster " : ""}${visible(evidence.source.name)}`;
    const notes = notesOn(evidence, others);
    if (known.length === 0)
      throw new UsageProblem(
        `no ingress controller whose metrics are known was found in ${place}, neither among IngressClasses, routes nor pods. ${[...notes, ""].join(" ")}Name it: ${program} rules --controller ${controllerNames.join("|")}|none`,
      );
    notes.forEach(warn);
    return { controllers: known, from: `, found in ${place}` };
  } finally {
    progress.end();
  }
}

/** What may be there and is not among what was found. */
function notesOn({ coverage }: Evidence, others: readonly string[]): readonly string[] {
  const unread = coverage.flatMap(({ extent, resource }) =>
    extent === "failed" && lookedAt.has(resource) ? [resource] : [],
  );
  return [
    ...(others.length === 0 ? [] : [`${others.join(", ")}: no metrics for Prometheus are known here.`]),
    ...(unread.length === 0
      ? []
      : [`Not read, so there may be others: ${[...new Set(unread)].sort().join(", ")}.`]),
  ];
}

const lookedAt: ReadonlySet<string> = new Set(["ingressclasses", "ingresses", "httproutes", "pods"]);

const asJson = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

const asYaml = (value: object): string => stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });

const counted = ({ groups }: RuleFile): string => {
  const rules = groups.flatMap((group) => group.rules);
  const alerts = rules.filter((rule) => "alert" in rule).length;
  return `${alerts} alerts and ${rules.length - alerts} recorded series`;
};

const commandOf = (
  program: string,
  { controllers, objective, runbookUrl }: RuleOptions,
  format?: string,
): string =>
  [
    `${program} rules --controller ${controllers.join(",") || "none"} --slo ${objective}`,
    ...(format === "operator" ? ["--format operator"] : []),
    ...(runbookUrl === undefined ? [] : [`--runbook-url ${typed(runbookUrl)}`]),
  ].join(" ");

const header = (program: string, options: RuleOptions, format: string): string =>
  `# Made by: ${commandOf(program, options, format)}\n# What each alert means and which metrics it needs: docs/alerts.md of why5xx.\n`;

const next = (format: string): string =>
  format === "operator"
    ? " Apply it in the namespace of Prometheus, with the label that its ruleSelector asks for: kubectl get prometheus -A -o jsonpath='{.items[*].spec.ruleSelector}'"
    : " Check the file with promtool check rules, and name it under rule_files in prometheus.yml.";
