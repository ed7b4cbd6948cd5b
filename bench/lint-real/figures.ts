import { existsSync } from "node:fs";
import { join } from "node:path";
import { readManifests } from "../../src/gather/manifests/read-manifests.ts";
import { lint } from "../../src/lint/lint.ts";
import { lintRules } from "../../src/lint/rules.ts";
import type { LintFindingReport, Severity } from "../../src/report/lint-report.ts";
import judgements from "./judgements.json" with { type: "json" };
import { type Judgement, judgementOf, type RealSource } from "./real.ts";
import sources from "./sources.json" with { type: "json" };

const severities: readonly Severity[] = ["error", "warning", "note"];

interface Judged extends Pick<LintFindingReport, "severity" | "rule" | "fingerprint"> {
  readonly id: string;
  readonly is: Judgement["is"] | "not judged";
  readonly why: string;
}

/** What lint says of rendered manifests of public projects, by what a person says of it. */
export async function realFigures(folder: string): Promise<string[]> {
  const here = (sources as readonly RealSource[]).filter(({ id }) => existsSync(join(folder, `${id}.yaml`)));
  const judged: Judged[] = [];
  let objects = 0;
  for (const { id } of here) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const { evidence, reached } = await readManifests([join(folder, `${id}.yaml`)], () =>
      Promise.reject(new Error()),
    );
    const report = lint(evidence, lintRules, { names: [id], reached });
    objects += report.scope.objects;
    for (const { severity, rule, fingerprint } of report.findings) {
      const said = judgementOf(id, fingerprint, judgements as readonly Judgement[]);
      judged.push({ id, severity, rule, fingerprint, is: said?.is ?? "not judged", why: said?.why ?? "" });
    }
  }
  const isLoud = ({ severity }: Judged): boolean => severity !== "note";
  const wrong = judged.filter((j) => j.is === "false");
  const loudIds = new Set(judged.filter(isLoud).map((j) => j.id));
  const repos = new Set(here.map((s) => s.repo)).size;
  return [
    `${here.length} of ${sources.length} sets of manifests from ${repos} public repositories, ${objects} objects: an error or a warning in ${loudIds.size}`,
    ...severities.map((severity) => {
      const of = judged.filter((j) => j.severity === severity);
      const count = (is: Judged["is"]): number => of.filter((j) => j.is === is).length;
      return `${String(of.length).padStart(5)}  ${severity.padEnd(7)}  so: ${count("true")}, so and of little weight: ${count("minor")}, not so: ${count("false")}, not judged: ${count("not judged")}`;
    }),
    `false alarms: ${share(wrong.filter(isLoud).length, judged.filter(isLoud).length)} of errors and warnings, ${share(wrong.length, judged.length)} with notes`,
    ...wrong.map((j) => `  not so: ${j.id} ${j.severity} ${j.fingerprint}: ${j.why}`),
    ...judged
      .filter((j) => j.is === "not judged")
      .map((j) => `  not judged: ${j.id} ${j.severity} ${j.fingerprint}`),
  ];
}

const share = (part: number, whole: number): string =>
  whole === 0 ? "none" : `${part} of ${whole} (${((100 * part) / whole).toFixed(1)} %)`;
