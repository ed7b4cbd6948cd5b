import { version } from "../base/version.ts";
import { observe } from "../derive/observe.ts";
import { resolveRoutes } from "../derive/routes.ts";
import { type RouteTimeline, routeTimeline } from "../derive/timeline.ts";
import type { Route } from "../derive/views.ts";
import { type Evidence, nowMs } from "../evidence/evidence.ts";
import { redactEvidence } from "../evidence/redact.ts";
import type { FixPlan } from "../report/fix-plan.ts";
import {
  type EscalationReport,
  type IncidentReport,
  type IncidentTarget,
  incidentSchema,
} from "../report/incident-report.ts";
import type { LintReport } from "../report/lint-report.ts";
import type { Report, TargetReport } from "../report/report.ts";
import type { VerifyReport } from "../report/verify-report.ts";
import type { Target } from "../target/target.ts";
import { escalationMessage, type EscalationSettings } from "./incident-escalation.ts";
import { impactOf } from "./incident-impact.ts";
import { readOf } from "./incident-read.ts";
import { summaryOf, titleOf } from "./incident-summary.ts";
import { timelineReport } from "./incident-timeline.ts";
import { followUpsOf } from "./incident-follow-ups.ts";

/** What was diagnosed, and what fix proposes for it. */
export interface Diagnosis {
  readonly evidence: Evidence;
  readonly target: Target;
  readonly report: Report;
  readonly plan: FixPlan;
}

/** What an incident's record has beside the diagnosis. */
export interface Aftermath {
  readonly lint: LintReport;
  readonly verified?: VerifyReport;
  readonly escalation: EscalationSettings;
  /** What to type to verify a target, shell-quoted. */
  readonly verifyCommand: (target: string) => string;
}

/** What differences are made of: a page is handed on, and objects may hold a password in plain text. */
export const withoutCredentials = (evidence: Evidence): Evidence => redactEvidence({ ...evidence, logs: [] });

/** The page of a diagnosis; with an aftermath the record of an incident. The same in gives the same out, byte for byte. */
export function incidentReport(diagnosis: Diagnosis, after?: Aftermath): IncidentReport {
  const { evidence, report, plan, target } = diagnosis;
  const { routes } = resolveRoutes(evidence, target);
  const { collectedAt, source, losses, scope } = report;
  const targets = report.targets.map((told, i): IncidentTarget => ({
    ...targetOf(
      evidence,
      routes.find((route) => route.target === told.target),
      told,
      after,
    ),
    changes: plan.targets[i]?.changes ?? [],
  }));
  return {
    schema: incidentSchema,
    kind: after === undefined ? "diagnosis" : "incident",
    tool: { version },
    title: titleOf(report.targets, after === undefined),
    collectedAt,
    source,
    targets,
    ...(after === undefined ? {} : { escalation: escalationOf(after.escalation, targets) }),
    losses,
    scope,
    read: readOf(evidence),
  };
}

function targetOf(
  evidence: Evidence,
  route: Route | undefined,
  diagnosis: TargetReport,
  after: Aftermath | undefined,
): Omit<IncidentTarget, "changes"> {
  const verification = after === undefined ? {} : { verification: verificationOf(diagnosis, after) };
  if (route === undefined) {
    const impact = impactOf(diagnosis.symptom, undefined, undefined);
    const timeline = timelineReport(noTimeline(nowMs(evidence)));
    return { summary: summaryOf(diagnosis, impact), impact, timeline, diagnosis, ...verification };
  }
  const facts = observe(evidence, route);
  const timeline = routeTimeline(facts, nowMs(evidence));
  const traffic = facts.traffic.state === "present" ? facts.traffic.value : undefined;
  const impact = impactOf(diagnosis.symptom, traffic, timeline.bins);
  return {
    summary: summaryOf(diagnosis, impact),
    impact,
    timeline: timelineReport(timeline),
    diagnosis,
    ...verification,
    ...(after === undefined ? {} : { followUps: followUpsOf(after.lint, route, facts) }),
  };
}

const noTimeline = (ms: number): RouteTimeline => ({
  fromMs: ms,
  toMs: ms,
  rows: [],
  rowsDropped: 0,
  lanes: [],
  others: [],
});

function verificationOf(
  { target }: TargetReport,
  { verified, verifyCommand }: Aftermath,
): NonNullable<IncidentTarget["verification"]> {
  const isOurs = verified?.target === target;
  return { command: verifyCommand(target), ...(isOurs ? { result: verified } : {}) };
}

function escalationOf(settings: EscalationSettings, targets: readonly IncidentTarget[]): EscalationReport {
  return { ...settings, message: escalationMessage(settings, targets) };
}
