import type { FindingReport, TargetStatus, UnknownReport } from "../report/report.ts";
import type { OtherFinding } from "./finding.ts";

const maxSteps = 4;

/** What to do next: mend what was found, else look where it would be decided. */
export function nextSteps(
  status: TargetStatus,
  found: readonly FindingReport[],
  others: readonly OtherFinding[],
  unknown: readonly UnknownReport[],
): string[] {
  const steps: string[] = [];
  const fix = found[0]?.fixes[0];
  if (fix !== undefined) steps.push(fix.title);
  if (found[0] !== undefined) steps.push(`why5xx explain ${found[0].cause}`);
  if (status !== "explained" && status !== "healthy") {
    for (const { lookAt } of [...others].sort((a, b) => b.confidence - a.confidence)) {
      if (lookAt !== undefined && !steps.includes(lookAt)) steps.push(lookAt);
      if (steps.length >= maxSteps) return steps;
    }
    const blind = unknown[0];
    if (blind !== undefined && steps.length < maxSteps) {
      steps.push(
        `Get ${blind.evidence} (${blind.reason}); it would decide ${blind.wouldDecide.slice(0, 3).join(", ")}`,
      );
    }
  }
  return steps.slice(0, maxSteps);
}
