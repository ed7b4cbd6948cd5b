import type { Evidence } from "../evidence/evidence.ts";
import { type ChangeReport, type FixPlan, fixSchema, type TargetPlan } from "../report/fix-plan.ts";
import type { FindingReport, FixReport, ObjectReport, Report } from "../report/report.ts";
import { managedBy, managedText } from "./managed-by.ts";
import { isObject } from "../base/json-value.ts";
import { findObject } from "./find-object.ts";
import { yamlLines } from "./object-yaml.ts";
import { patched } from "./patched.ts";
import { unifiedDiff } from "./unified-diff.ts";

/** Every change that the report's supported findings propose, numbered, with what it makes of the objects that were read. */
export function planFixes(report: Report, evidence: Evidence): FixPlan {
  let number = 0;
  const targets = report.targets.map(({ target, status, headline, findings }): TargetPlan => {
    const supported = findings.filter((finding) => finding.state === "supported");
    const changes = supported.flatMap((finding) =>
      finding.fixes.map((fix) => changeOf(finding, fix, ++number, evidence)),
    );
    // Two that a program can make are alternatives, and which is meant only a person knows.
    const [first, ...others] = changes.filter((c) => c.cause === supported[0]?.cause && isDoable(c));
    return {
      target,
      status,
      headline,
      changes,
      ...(first === undefined || others.length > 0 ? {} : { first: first.number }),
    };
  });
  const { tool, collectedAt, source, losses, scope } = report;
  return { schema: fixSchema, tool, collectedAt, source, losses, scope, targets };
}

/** Whether a program can make it without a value that only a person knows. */
export const isDoable = ({ patch, applicability }: FixReport): boolean =>
  patch !== undefined && applicability !== "display-only";

function changeOf(finding: FindingReport, fix: FixReport, number: number, evidence: Evidence): ChangeReport {
  const { cause, confidence, subject } = finding;
  return {
    number,
    cause,
    confidence,
    ...(subject === undefined ? {} : { subject }),
    ...fix,
    ...differenceOf(fix, evidence),
  };
}

function differenceOf(
  { patch }: FixReport,
  evidence: Evidence,
): Pick<ChangeReport, "diff" | "noDiff" | "managed"> {
  if (patch === undefined) return { diff: [] };
  const before = findObject(evidence, patch.object);
  if (patch.type === "create" && before.state === "absent" && isObject(patch.body))
    return { diff: unifiedDiff(fileNameOf(patch.object), [], yamlLines(patch.body)) };
  if (before.state !== "present")
    return { diff: [], noDiff: before.state === "absent" ? before.why : before.reason };
  const keeper = managedBy(before.value);
  const managed = keeper === undefined ? {} : { managed: managedText(keeper) };
  const after = patched(before.value, patch);
  if (after === undefined)
    return { diff: [], noDiff: "the patch does not fit the object that was read", ...managed };
  const diff = unifiedDiff(fileNameOf(patch.object), yamlLines(before.value), yamlLines(after));
  return { diff, ...(diff.length > 0 ? {} : { noDiff: "the object says so already" }), ...managed };
}

/** "shop/service-cart.yaml" */
export const fileNameOf = ({ kind, namespace, name }: ObjectReport): string =>
  `${namespace === undefined ? "" : `${namespace}/`}${kind.toLowerCase()}-${name}.yaml`;
