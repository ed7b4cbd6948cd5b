/** The report: plain JSON, the only thing renderers read. Published as `report.schema.json`. */

export const reportSchema = "why5xx.report/v1";

interface ReadFrom {
  readonly kind: string;
  readonly name: string;
}

export interface Report {
  readonly schema: typeof reportSchema;
  readonly tool: { readonly version: string };
  readonly collectedAt: string;
  readonly source: ReadFrom & {
    /** What a bundle of ours was made from. */
    readonly origin?: ReadFrom;
  };
  readonly targets: readonly TargetReport[];
  /** Limits hit while reading: what was lost and why. */
  readonly losses: readonly { readonly what: string; readonly why: string }[];
  /** With no target given: what became of the routes that are not among the targets. */
  readonly scope: {
    /** Routes looked at. */
    readonly routes: number;
    /** Backends with nothing to report. */
    readonly healthy: number;
    /** Backends of which a hop could not be read, so that nothing can be said of them. */
    readonly undecided: number;
    /** What was not read of those, by name, most wanted first. */
    readonly missing: readonly string[];
  };
}

export type TargetStatus = "explained" | "partly-explained" | "unexplained" | "healthy" | "undecided";

export interface TargetReport {
  readonly target: string;
  /** Other routes that end at the same backend and so share this verdict. */
  readonly alsoAffects: readonly string[];
  readonly status: TargetStatus;
  /** One sentence a tired person can act on. */
  readonly headline: string;
  readonly route: readonly HopReport[];
  readonly symptom: SymptomReport;
  /** What a Prometheus told, one sentence each; absent when none was asked. */
  readonly metrics?: readonly MetricReport[];
  readonly findings: readonly FindingReport[];
  readonly unknown: readonly UnknownReport[];
  /** What to do or look at next, most useful first. */
  readonly next: readonly string[];
}

export interface HopReport {
  readonly hop: string;
  readonly object?: ObjectReport;
  /** "broken" marks where the verdict puts the fault. */
  readonly state: "ok" | "broken" | "suspect" | "unknown";
  /** A few words: "2 ready of 3", "port 80 → 8080". */
  readonly note: string;
}

export interface ObjectReport {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

export interface SymptomReport {
  /** Whether the gateway's log, or else its metrics, were there to count requests. */
  readonly counted: boolean;
  /** Present where it was not the log: what metrics tell of classes, retries and senders is nothing. */
  readonly countedBy?: "metrics";
  readonly requests: number;
  readonly failed: number;
  /** Failures a retry hid from the client. */
  readonly masked: number;
  readonly codes: Readonly<Record<string, number>>;
  readonly classes: Readonly<Record<string, number>>;
  readonly origin?: string;
  /** constant | burst | bursts | sparse | none | unknown */
  readonly pattern: string;
  readonly from?: string;
  readonly to?: string;
}

export interface MetricReport {
  readonly text: string;
  /** The series and the server. */
  readonly source: string;
}

export interface FindingReport {
  readonly cause: string;
  readonly title: string;
  readonly state: "supported" | "refuted" | "undecided";
  /** 0 to 1, calibrated on the corpus; 0 for refuted. */
  readonly confidence: number;
  readonly hop: string;
  readonly subject?: ObjectReport;
  /** Failed requests attributed to it; absent without logs or when it is not supported. */
  readonly share?: { readonly explained: number; readonly of: number };
  /** The chain, outermost first, this finding last. */
  readonly because: readonly {
    readonly cause: string;
    readonly title: string;
    readonly subject?: ObjectReport;
  }[];
  readonly clues: readonly ClueReport[];
  readonly fixes: readonly FixReport[];
  /** For undecided: what is missing, and where to look. */
  readonly why?: string;
  readonly lookAt?: string;
}

export interface ClueReport {
  readonly for: boolean;
  readonly weight: "decisive" | "strong" | "moderate" | "weak";
  readonly text: string;
  readonly source: string;
  readonly see?: string;
}

export interface FixReport {
  readonly title: string;
  readonly applicability: "safe" | "unsafe" | "display-only";
  readonly commands: readonly string[];
  readonly patch?: { readonly object: ObjectReport; readonly type: string; readonly body: unknown };
  readonly effect?: string;
}

export interface UnknownReport {
  readonly evidence: string;
  readonly reason: string;
  /** Causes that this evidence would decide. */
  readonly wouldDecide: readonly string[];
}
