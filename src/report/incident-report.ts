import type { ChangeReport } from "./fix-plan.ts";
import type { LintFindingReport } from "./lint-report.ts";
import type { ObjectReport, Report, TargetReport } from "./report.ts";
import type { VerifyReport } from "./verify-report.ts";

/** What an escalation or a postmortem needs to know: plain JSON. Published as `incident-report.schema.json`. */

export const incidentSchema = "why5xx.incident/v1";

export interface IncidentReport extends Pick<Report, "tool" | "collectedAt" | "source" | "losses" | "scope"> {
  readonly schema: typeof incidentSchema;
  /** diagnosis: nothing but what was found; no follow-ups, no verification, nobody to escalate to. */
  readonly kind: "incident" | "diagnosis";
  readonly title: string;
  /** Worst first. */
  readonly targets: readonly IncidentTarget[];
  /** Absent in a diagnosis. */
  readonly escalation?: EscalationReport;
  readonly read: ReadReport;
}

export interface IncidentTarget {
  /** Two sentences: what clients saw, and why. */
  readonly summary: readonly string[];
  readonly impact: ImpactReport;
  readonly timeline: TimelineReport;
  readonly diagnosis: TargetReport;
  /** What `fix` proposes, with what it makes of each object. */
  readonly changes: readonly ChangeReport[];
  readonly verification?: VerificationReport;
  /** What lint finds on the same route: what may fail next. Absent in a diagnosis. */
  readonly followUps?: readonly LintFindingReport[];
}

export interface ImpactReport {
  /** Whether the gateway's log was there to count requests; without one every number is 0. */
  readonly counted: boolean;
  readonly requests: number;
  readonly failed: number;
  /** Failures that a retry hid from the client. */
  readonly masked: number;
  /** From the first to the last failure. */
  readonly from?: string;
  readonly to?: string;
  readonly seconds?: number;
  /** Distinct client addresses; absent when the log does not tell them. */
  readonly clients?: {
    readonly failed: number;
    readonly of: number;
    /** false: there are at least so many. */
    readonly isExact: boolean;
  };
  /** Requests with a method other than GET, HEAD and OPTIONS: a client cannot simply send them again. */
  readonly writes?: { readonly failed: number; readonly of: number };
  /** Most failures first. */
  readonly paths: readonly { readonly path: string; readonly failed: number; readonly of: number }[];
  /** Paths with failures beyond those. */
  readonly otherPaths: number;
  readonly worst?: {
    readonly from: string;
    readonly seconds: number;
    readonly failed: number;
    readonly of?: number;
  };
}

export interface TimelineReport {
  readonly from: string;
  readonly to: string;
  /** Absent when no request was counted. */
  readonly bins?: {
    readonly from: string;
    readonly seconds: number;
    /** Absent when requests were not counted over time. */
    readonly requests?: readonly number[];
    /** "502 connect-refused", "other", "hidden by a retry"; most failures first. */
    readonly series: readonly { readonly key: string; readonly counts: readonly number[] }[];
  };
  readonly rows: readonly TimelineRowReport[];
  /** Rows that were left out. */
  readonly rowsDropped: number;
  readonly lanes: readonly LaneReport[];
  /** Pods without a lane, by what they were at the end. */
  readonly others: readonly {
    readonly state: PodState | "gone";
    readonly pods: number;
    /** Attempts that failed at them. */
    readonly failed: number;
  }[];
}

export type PodState = "pending" | "not-ready" | "running" | "ready" | "terminating";

export interface TimelineRowReport {
  /** From 1 on, of what is drawn as a rule through the picture. */
  readonly mark?: number;
  readonly kind:
    | "failure"
    | "rollout"
    | "scaling"
    | "gateway"
    | "node"
    | "eviction"
    | "probe"
    | "restart"
    | "termination"
    | "pod"
    | "warning";
  readonly from: string;
  /** Absent of what happened once. */
  readonly to?: string;
  readonly count: number;
  readonly text: string;
  readonly objects: readonly ObjectReport[];
  readonly source: string;
}

export interface LaneReport {
  /** The pod's name, the address of no known pod, or "no pod was asked". */
  readonly name: string;
  readonly pod?: ObjectReport;
  readonly node?: string;
  readonly revision?: string;
  readonly isGone: boolean;
  /** When it was no more is known; without, a pod that is gone is drawn with its whole grace period. */
  readonly hasEnd: boolean;
  /** "running": whether it was ready is not recorded. */
  readonly spans: readonly { readonly state: PodState; readonly from: string; readonly to: string }[];
  readonly marks: readonly { readonly at: string; readonly kind: string; readonly text: string }[];
  /** Failed attempts that met it, by bins of a second. */
  readonly failed: readonly { readonly at: string; readonly attempts: number }[];
}

interface VerificationReport {
  /** What to type to prove that it is mended. */
  readonly command: string;
  readonly result?: VerifyReport;
}

export interface EscalationReport {
  /** The file that says it; absent when there is none. */
  readonly from?: string;
  readonly severity?: string;
  /** How long one works alone before others are called: "30m". */
  readonly timeBox?: string;
  readonly channel?: string;
  readonly contacts: readonly ContactReport[];
  /** Settings that nobody filled in. */
  readonly missing: readonly string[];
  /** What to say, to be pasted: a line each. */
  readonly message: readonly string[];
}

export interface ContactReport {
  readonly name: string;
  readonly role?: string;
  /** How to reach them: a pager's name, an address, a telephone number. */
  readonly reach?: string;
}

/** What the report rests on. */
export interface ReadReport {
  readonly objects: readonly { readonly kind: string; readonly count: number }[];
  readonly logs: readonly { readonly name: string; readonly bytes?: number; readonly reason?: string }[];
  /** Logs beyond those. */
  readonly otherLogs: number;
  /** Lists that could not be read. */
  readonly unread: readonly { readonly what: string; readonly why: string }[];
}
