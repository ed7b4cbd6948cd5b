import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Evidence } from "../../src/evidence/evidence.ts";
import { readManifests } from "../../src/gather/manifests/read-manifests.ts";
import { lint } from "../../src/lint/lint.ts";
import { lintRules } from "../../src/lint/rules.ts";
import type { LintReport } from "../../src/report/lint-report.ts";
import { root } from "../cli/run-program.ts";

export const casesFolder = join(root, "test/lint/cases");

export const caseNames = readdirSync(casesFolder).toSorted();

export const evidenceOfCase = async (name: string, half: "bad" | "good"): Promise<Evidence> =>
  (await readManifests([join(casesFolder, name, `${half}.yaml`)], () => Promise.resolve(Buffer.alloc(0))))
    .evidence;

export const evidenceOfText = async (text: string): Promise<Evidence> =>
  (await readManifests(["-"], () => Promise.resolve(Buffer.from(text)))).evidence;

export const linted = (evidence: Evidence): LintReport => lint(evidence, lintRules, { names: ["cases"] });

/** "rule object field" of each finding. */
export const saidOf = ({ findings }: LintReport): string[] =>
  findings.map((f) => `${f.severity} ${f.fingerprint}`);
