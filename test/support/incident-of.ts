import { catalogue } from "../../src/causes/catalogue.ts";
import type { Evidence } from "../../src/evidence/evidence.ts";
import { planFixes } from "../../src/fix/plan.ts";
import { openSource } from "../../src/gather/open-source.ts";
import { lint } from "../../src/lint/lint.ts";
import { lintRules } from "../../src/lint/rules.ts";
import type { IncidentReport } from "../../src/report/incident-report.ts";
import type { VerifyReport } from "../../src/report/verify-report.ts";
import { parseTarget } from "../../src/target/target.ts";
import { diagnose } from "../../src/verdict/diagnose.ts";
import { type Aftermath, incidentReport } from "../../src/verdict/incident.ts";

export const recorded = (id: string): Promise<Evidence> =>
  openSource(new URL(`../../corpus/${id}/bundle`, import.meta.url).pathname, {});

interface IncidentOptions {
  readonly target?: string;
  readonly escalation?: Aftermath["escalation"];
  readonly verified?: VerifyReport;
}

/** The record of an incident as `report` composes it. */
export function incidentOf(evidence: Evidence, options: IncidentOptions = {}): IncidentReport {
  const { target: asked, escalation = { contacts: [], missing: ["contacts"] }, verified } = options;
  const target = parseTarget(asked, undefined);
  const report = diagnose(evidence, target, catalogue);
  return incidentReport(
    { evidence, target, report, plan: planFixes(report, evidence) },
    {
      lint: lint(evidence, lintRules, { names: ["test"] }),
      escalation,
      verifyCommand: (name) => `why5xx verify ${name}`,
      ...(verified === undefined ? {} : { verified }),
    },
  );
}
