import { grouped } from "../base/counts.ts";
import type { EscalationReport, IncidentTarget } from "../report/incident-report.ts";

export type EscalationSettings = Omit<EscalationReport, "message">;

/** What to say when others are called, a line each: what fails, why, since when, what is proposed, what is asked. */
export function escalationMessage(
  { severity, timeBox }: EscalationSettings,
  targets: readonly IncidentTarget[],
): string[] {
  const [worst, ...others] = targets;
  if (worst === undefined) return ["No failing route was found."];
  const { diagnosis, summary, changes, verification } = worst;
  const [seen = "", why = ""] = summary;
  const first = changes[0];
  const result = verification?.result;
  return [
    `${severity === undefined ? "" : `${severity}: `}${seen}`,
    why,
    ...(others.length === 0
      ? []
      : [`${grouped(others.length)} other route${others.length === 1 ? "" : "s"} in the same report.`]),
    first === undefined
      ? "No change is proposed yet."
      : `Proposed: ${first.title}${first.applicability === "safe" ? "" : " (to be decided by a person)"}.`,
    result === undefined
      ? "Not verified yet."
      : `Verified: ${result.verdict.replaceAll("-", " ")}. ${result.why}`,
    diagnosis.status === "explained" || diagnosis.status === "healthy"
      ? `Asked of you: a decision on the change${timeBox === undefined ? "" : `, or a second pair of eyes when ${timeBox} have passed`}.`
      : `Asked of you: ${diagnosis.next[0] ?? "a second pair of eyes"}.`,
  ];
}
