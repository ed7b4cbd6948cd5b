import { evidenceOf, frozenCases, type FrozenCase, targetOf } from "../../corpus/frozen-cases.ts";
import { catalogue } from "../../src/causes/catalogue.ts";
import type { Cause } from "../../src/causes/define-cause.ts";
import type { Evidence } from "../../src/evidence/evidence.ts";
import type { Report } from "../../src/report/report.ts";
import type { Target } from "../../src/target/target.ts";
import { diagnose } from "../../src/verdict/diagnose.ts";

export interface LoadedCase {
  readonly frozen: FrozenCase;
  readonly evidence: Evidence;
  readonly target: Target;
}

export const loadedCases: readonly LoadedCase[] = await Promise.all(
  frozenCases().map(async (frozen) => ({
    frozen,
    evidence: await evidenceOf(frozen),
    target: targetOf(frozen),
  })),
);

export const verdictOf = (evidence: Evidence, target: Target, causes: readonly Cause[] = catalogue): Report =>
  diagnose(evidence, target, causes);

/** Ids of everything a report supports, at any confidence. */
export const supportedIn = (report: Report): Set<string> =>
  new Set(
    report.targets.flatMap((t) => t.findings.filter((f) => f.state === "supported").map((f) => f.cause)),
  );

/** What must not change when evidence is only dressed otherwise. */
export const gist = (report: Report): unknown =>
  report.targets.map((t) => ({
    status: t.status,
    symptom: {
      requests: t.symptom.requests,
      failed: t.symptom.failed,
      masked: t.symptom.masked,
      codes: t.symptom.codes,
    },
    findings: t.findings.map((f) => [f.cause, f.state, f.confidence, f.share ?? null]),
  }));
